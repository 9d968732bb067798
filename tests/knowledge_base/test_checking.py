"""What an entry must keep, and that a breach names file, line and field."""

from pathlib import Path

import pytest

from knowledge_base.loading import load
from knowledge_base.located import Refused
from tests.knowledge_base.conftest import one, written

GOOD = one("a-one", "井盖丢了怎么办?", "沙井盖不见了")

BREACHES = {
    "missing source": (GOOD.split("    source")[0], "source", "is missing"),
    "unknown document": (GOOD.replace("zengcheng-2018", "nowhere"), "source", "sources.yml"),
    "no place": (GOOD.replace("第一段", '""'), "source", "no place"),
    "wrong date": (GOOD + '    valid_until: "2026-02-30"\n', "valid_until", "no date"),
    "half a date": (GOOD + '    valid_from: "2026-02"\n', "valid_from", "no date"),
    "ends before it begins": (
        GOOD + '    valid_from: "2026-02-01"\n    valid_until: "2026-01-01"\n',
        "valid_until",
        "before",
    ),
    "checked before known": (GOOD + '    checked_at: "2025-01-01"\n', "checked_at", "before"),
    "html": (GOOD.replace("请看公告\n", "请看<b>公告</b>\n"), "answer", "HTML"),
    "script": (GOOD.replace("请看公告\n", "javascript:alert(1)\n"), "answer", "HTML"),
    "invisible": (GOOD.replace("请看公告\n", "请看\u200b公告\n"), "answer", "invisible"),
    "spoken too long": (GOOD.replace("请看公告。", "请" * 26), "spoken", "at most 25"),
    "spoken digits": (GOOD.replace("请看公告。", "请拨打110。"), "spoken", "digits"),
    "two spoken sentences": (GOOD.replace("请看公告。", "请看。再看。"), "spoken", "more than one"),
    "money without its date": (GOOD.replace("请看公告\n", "每月30元\n"), "answer", "money"),
    "unknown area": (GOOD + "    area: 深圳市\n", "area", "neither"),
    "unknown field": (GOOD + "    colour: 红\n", "colour", "no field"),
    "wrong id": (GOOD.replace("a-one", "A One"), "id", "lower-case"),
    "wrong phone": (GOOD + "    phone: [12a45]\n", "phone", "no telephone"),
    "wrong link": (GOOD + '    links: ["ftp://x"]\n', "links", "no web address"),
    "wrong kind": (GOOD + "    kind: rumour\n", "kind", "none of"),
    "says the same twice": (GOOD.replace("沙井盖不见了", "井盖丢了怎么办?"), "variants", "twice"),
    "text that is a number": (GOOD.replace("请看公告\n", "12\n"), "answer", "must be text"),
}


def test_a_good_entry_is_taken(folder: Path) -> None:
    (folder / "a.yml").write_text(written(GOOD), encoding="utf-8")
    (entry,) = load(folder)
    assert (entry.id, entry.theme, entry.unit, entry.line) == ("a-one", "试验", "试验单位", 10)
    assert entry.source[0].document.startswith("增城区")


@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_names_file_line_and_field(folder: Path, name: str) -> None:
    text, field, message = BREACHES[name]
    (folder / "bad.yml").write_text(written(text), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load(folder)
    problem = refused.value.problems[0]
    assert (problem.file, problem.field) == ("bad.yml", field)
    assert message in problem.message
    lines = written(text).splitlines()
    assert 1 <= problem.line <= len(lines)
    named = lines[problem.line - 1]
    assert field in named or "id:" in named or field == "checked_at"


def test_every_problem_is_told_at_once(folder: Path) -> None:
    bad = GOOD.replace("请看公告\n", "<b>x</b>\n").replace("第一段", '""')
    (folder / "bad.yml").write_text(written(bad), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load(folder)
    assert {problem.field for problem in refused.value.problems} >= {"answer", "source"}
