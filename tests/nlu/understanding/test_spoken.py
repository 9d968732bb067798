"""Times and names as told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.understanding.spoken import name, when


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("昨晚十一点多开始吵", "昨晚十一点多"),
        ("上个礼拜就坏了", "上个礼拜"),
        ("每天半夜都在打桩", "每天半夜"),
        ("琴晚十点几", "琴晚十点几"),
        ("5月3号下午", "5月3号下午"),
        ("三天前报的", "三天前"),
        ("现在", None),
        ("三号楼二单元", None),
        ("没有", None),
    ],
)
def test_when(text: str, told: str | None) -> None:
    assert when(text) == told


@pytest.mark.parametrize(
    ("text", "expected", "told"),
    [
        ("我姓陈,耳东陈", False, "陈"),
        ("姓黄,草头黄", False, "黄"),
        ("我叫李明", False, "李明"),
        ("免贵姓王", False, "王"),
        ("我姓区,读欧", False, "区"),
        ("陈先生", True, "陈先生"),
        ("陈", True, "陈"),
        ("路灯坏了", False, None),
        ("我是来投诉的", False, None),
        ("不想说", True, None),
    ],
)
def test_name(text: str, expected: bool, told: str | None) -> None:
    assert name(text, expected) == told


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text: str) -> None:
    when(text)
    name(text, expected=True)
