"""Which names are expected, and when a recogniser only recites them."""

import pytest

from knowledge_base.districts import districts
from voice.hot_words import SEPARATOR, HotWords, recited

HOT = HotWords(districts())


def test_the_streets_of_the_district_that_was_named_last() -> None:
    names = HOT.of(["我在越秀区", "请问在哪条街", "不对,是天河车陂那边"]).split(SEPARATOR)
    assert "车陂街道" in names
    assert "北京街道" not in names
    assert len("".join(names)) < 200  # tokens of the prompt


def test_the_districts_where_none_was_named() -> None:
    names = HOT.of(["路灯坏了", "请问在哪里?"]).split(SEPARATOR)
    assert len(names) == 11
    assert "天河区" in names


@pytest.mark.parametrize(
    ("text", "ghost"),
    [
        ("沙面街道,岭南街道,华林街道", True),
        ("沙面街道岭南街道华林街道。", True),
        ("在岭南街道", False),
        ("从华林街道搬到沙面街道", False),
        ("", False),
    ],
)
def test_a_list_that_is_read_out_is_a_ghost(text: str, ghost: bool) -> None:
    assert recited(text, "沙面街道,岭南街道,华林街道,多宝街道") is ghost
