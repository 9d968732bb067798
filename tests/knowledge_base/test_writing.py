"""Entries put into the text of a theme file."""

from knowledge_base import writing
from knowledge_base.documents import Candidate
from knowledge_base.located import parse, plain
from tests.knowledge_base.conftest import one, written

TEXT = "# kept\n" + written(one("a", "一?", "甲"), "\n", one("b", "二?", "乙"))


def test_an_entry_is_replaced_and_the_rest_left_as_it_stands() -> None:
    raw = writing.entry_of(TEXT, "x.yml", "a")
    assert raw is not None
    changed = writing.put(TEXT, "x.yml", raw | {"answer": "新的: 答案", "variants": ["甲", "丙"]})
    assert changed.startswith("# kept\n")
    assert changed.endswith(one("b", "二?", "乙"))
    again = writing.entry_of(changed, "x.yml", "a")
    assert again is not None
    assert (again["answer"], again["variants"]) == ("新的: 答案", ["甲", "丙"])


def test_a_new_entry_is_added_at_the_end() -> None:
    changed = writing.put(TEXT, "x.yml", {"id": "c", "question": "三?"})
    assert changed.startswith(TEXT.rstrip("\n"))
    assert [row["id"] for row in plain(parse(changed, "x.yml"))["entries"]] == ["a", "b", "c"]
    assert writing.entry_of(TEXT, "x.yml", "c") is None


def test_the_last_entry_is_replaced() -> None:
    changed = writing.put(TEXT, "x.yml", {"id": "b", "question": "四?"})
    assert writing.entry_of(changed, "x.yml", "b") == {"id": "b", "question": "四?"}
    assert writing.entry_of(changed, "x.yml", "a") == writing.entry_of(TEXT, "x.yml", "a")


def test_candidates_tell_where_they_come_from() -> None:
    told = plain(parse(writing.drafts([Candidate("问?", "答", "a.pdf", "page 2")]), "d.yml"))
    assert told["candidates"][0]["found_in"] == {"file": "a.pdf", "place": "page 2"}
