"""One theme file, read again and again."""

from pathlib import Path

import pytest

from knowledge_base import loading, themes
from knowledge_base.themes import Theme, blocks
from tests.knowledge_base.conftest import one, written

TWO = (one("lamp", "路灯不亮", "灯坏了"), one("road", "路面塌陷", "马路塌了"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "city.yml"


def theme(file: Path) -> Theme:
    return Theme(file, loading.areas(), loading.read_sources())


def test_the_product_s_files_are_laid_out_entry_by_entry() -> None:
    for path in loading.ENTRIES.glob("*.yml"):
        assert blocks(path.read_text(encoding="utf-8")) is not None


def test_parted_or_whole_it_reads_the_same(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(written(*TWO), encoding="utf-8")
    parted = theme(file).read()
    monkeypatch.setattr(themes, "blocks", lambda text: None)
    whole = theme(file).read()
    assert parted == whole
    assert [e.line for e in parted[0]] == [e.line for e in whole[0]]


def test_only_a_changed_entry_is_parsed_again(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(written(*TWO), encoding="utf-8")
    reader = theme(file)
    before, _ = reader.read()
    seen: list[str] = []
    real = themes.parse
    monkeypatch.setattr(themes, "parse", lambda text, name: seen.append(text) or real(text, name))
    longer = one("lamp", "路灯不亮", "灯坏了", unit="路灯管理所")
    file.write_text(written(longer, TWO[1]), encoding="utf-8")
    after, problems = reader.read()
    assert problems == []
    assert len([text for text in seen if "  - id:" in text]) == 1
    assert after[0].unit == "路灯管理所"
    assert after[1] == before[1]
    assert after[1].line == before[1].line + 1


@pytest.mark.parametrize(
    ("text", "field", "line"),
    [
        (written(*TWO).replace('as_of: "2026-01-01"', 'as_of: "2026-13-01"'), "as_of", 10),
        (written(*TWO) + "   bad: [", "yaml", 28),
        (written(*TWO).replace("fresh_days: 365", "fresh_days: soon"), "fresh_days", 2),
        (written(*TWO).replace("theme: ", "topic: "), "topic", 1),
        (written(*TWO, "  - just words\n"), "entries", 9),
    ],
)
def test_what_is_wrong_is_told_with_its_line(file: Path, text: str, field: str, line: int) -> None:
    file.write_text(text, encoding="utf-8")
    _, problems = theme(file).read()
    told = {(problem.file, problem.field) for problem in problems}
    assert ("city.yml", field) in told
    (first, *_) = [problem for problem in problems if problem.field == field]
    assert first.line == line
