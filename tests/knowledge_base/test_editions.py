"""Publishing, the history of it, and the way back."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.rules.errors import NotFound
from knowledge_base.editions import Edition, Editions
from knowledge_base.entry import Entry
from knowledge_base.located import Problem, Refused
from knowledge_base.regression import Regression
from tests.knowledge_base.conftest import TODAY, one, written

AT = datetime(2026, 11, 22, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FIRST = written(one("school", "夜校几点开?", "夜校时间", answer="六点"))
SECOND = written(one("school", "夜校几点开?", "夜校时间", answer="七点"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.yml").write_text(FIRST, encoding="utf-8")
    return tmp_path


def publish(editions: Editions, text: str | None, name: str = "a.yml") -> Edition:
    return editions.publish({name: text}, who="li", why="new hours", at=AT)


def test_a_publication_is_in_force_and_on_record(folder: Path) -> None:
    editions = Editions(folder)
    made = publish(editions, SECOND)
    assert (folder / "a.yml").read_text(encoding="utf-8") == SECOND
    assert editions.history() == [made]
    assert (made.number, made.who, made.why, made.at) == (1, "li", "new hours", AT)
    assert (made.files, made.entries) == (("a.yml",), ("school",))
    assert editions.texts(1) == {"a.yml": (FIRST, SECOND)}


def test_a_rollback_is_an_edition_too(folder: Path) -> None:
    editions = Editions(folder)
    publish(editions, SECOND)
    publish(editions, written(one("lamp", "路灯?", "灯")), "b.yml")
    editions.rollback(1, who="wang", why="wrong hours", at=AT)
    assert (folder / "a.yml").read_text(encoding="utf-8") == FIRST
    editions.rollback(2, who="wang", why="not yet", at=AT)
    assert not (folder / "b.yml").exists()
    assert [edition.number for edition in editions.history()] == [4, 3, 2, 1]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.yml", FIRST, "nothing differs"),
        ("a.yml", FIRST.replace("六点", "<b>六点</b>"), "holds HTML"),
        ("b.yml", FIRST, "stands already in"),
        ("../b.yml", FIRST, "is no name of a theme file"),
        ("a.yml", "theme: [", "yaml"),
        ("a.yml", None, "there are none"),
    ],
)
def test_what_breaks_a_rule_changes_nothing(
    folder: Path, name: str, text: str | None, said: str
) -> None:
    editions = Editions(folder)
    with pytest.raises(Refused, match=said):
        publish(editions, text, name)
    assert (folder / "a.yml").read_text(encoding="utf-8") == FIRST
    assert [path.name for path in folder.glob("*.yml")] == ["a.yml"]
    assert editions.history() == []


@pytest.mark.parametrize(("who", "why"), [("", "x"), ("x", " ")])
def test_who_and_why_must_be_told(folder: Path, who: str, why: str) -> None:
    with pytest.raises(Refused, match="is missing"):
        Editions(folder).publish({"a.yml": SECOND}, who=who, why=why, at=AT)


def test_an_edition_that_is_not_there(folder: Path) -> None:
    with pytest.raises(NotFound):
        Editions(folder).rollback(7, who="li", why="x", at=AT)


def test_the_gate_refuses_what_would_lose_a_question(folder: Path) -> None:
    questions = [{"question": "夜校啥时候开", "entry": "school"}]
    gate = Regression(questions).gate(TODAY)
    lost = written(one("school", "游泳池水温?", "泳池"), one("other", "夜校啥时候开门?", "开门"))
    with pytest.raises(Refused, match="夜校啥时候开 found school, would find other"):
        publish(Editions(folder, gate), lost)
    assert publish(Editions(folder, gate), SECOND).number == 1


def test_a_torn_publication_is_finished_by_the_next(folder: Path) -> None:
    """The machine stops after the edition was written, before its files were replaced."""

    class Torn(Editions):
        def _finish(self) -> None:
            if self.history():
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(Torn(folder), SECOND)
    assert (folder / "a.yml").read_text(encoding="utf-8") == FIRST
    publish(Editions(folder), written(one("lamp", "路灯?", "灯")), "b.yml")
    assert (folder / "a.yml").read_text(encoding="utf-8") == SECOND


def test_a_gate_sees_the_entries_before_and_after(folder: Path) -> None:
    seen: list[list[str]] = []

    def gate(before: Sequence[Entry], after: Sequence[Entry]) -> list[Problem]:
        seen.append([before[0].answer, after[0].answer])
        return []

    publish(Editions(folder, gate), SECOND)
    assert seen == [["六点", "七点"]]
