"""Simplified characters, and figures where they are meant."""

import pytest

from voice.segments import Expectation
from voice.writing import write


@pytest.mark.parametrize(
    ("heard", "expectation", "written"),
    [
        ("我家著火了", Expectation.OPEN, "我家着火了"),
        ("請問資料在哪裡辦", Expectation.OPEN, "请问资料在哪里办"),
        ("我一定要投诉", Expectation.OPEN, "我一定要投诉"),
        ("三元里", Expectation.ADDRESS, "三元里"),
        ("我的电话是幺三八零零幺三八零零零", Expectation.OPEN, "我的电话是13800138000"),
        ("幺三八,零零幺三,八零零零", Expectation.DIGITS, "13800138000"),
        ("一百零八号三栋二零一房", Expectation.ADDRESS, "108号三栋201房"),
        ("二零二四年十一月三日晚上", Expectation.OPEN, "二零二四年十一月三日晚上"),
    ],
)
def test_write(heard: str, expectation: Expectation, written: str) -> None:
    assert write(heard, expectation) == written
