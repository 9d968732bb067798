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
        ("每天晚上十点以后", "每天晚上十点以后"),
        ("上午9:30以前都停水", "上午9:30以前"),
        ("现在", None),
        ("三号楼二单元", None),
        ("就是5号窗口那个", None),
        ("星期日朝早七点就开工", "星期日朝早七点"),
        ("没有", None),
    ],
)
def test_when(text: str, told: str | None) -> None:
    assert when(text) == told


@pytest.mark.parametrize(
    ("text", "asked", "told"),
    [
        ("我姓陈,耳东陈", None, "陈"),
        ("姓黄,草头黄", None, "黄"),
        ("我叫李明", None, "李明"),
        ("免贵姓王", None, "王"),
        ("我姓区,读欧", None, "区"),
        ("陈先生", "name", "陈先生"),
        ("陈", "name", "陈"),
        ("叫我陈生就得", "name", "陈生"),
        ("黄小姐,13912345678", "who", "黄小姐"),
        ("黄小姐\uff0c电话13912345678", "where", "黄小姐"),
        ("张先生 13822223333", "when", "张先生"),
        ("李,幺三八零零零零零零零一", "name", "李"),
        ("李13800000001", "phone", "李"),
        ("刘建国 13800000001", "phone", "刘建国"),
        ("在天河公园,陈小姐", "where", "陈小姐"),
        ("黄小姐", "who", None),
        ("方先生,电话也是打来这个", "who", "方先生"),
        ("联系人:周先生,电话:13812340000", None, "周先生"),
        ("白云区,13800000001", "name", None),
        ("白云区", "name", None),
        ("江南西路", "name", None),
        ("路灯坏了", None, None),
        ("陈先生", None, None),
        ("我是来投诉的", None, None),
        ("不想说", "name", None),
        ("不用了", "name", None),
        ("没有", "name", None),
    ],
)
def test_name(text: str, asked: str | None, told: str | None) -> None:
    assert name(text, asked) == told


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text: str) -> None:
    when(text)
    name(text, "name")
