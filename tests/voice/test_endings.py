"""What sounds finished, and what hangs in the air."""

import pytest

from voice.endings import finished
from voice.phrases import phrases
from voice.segments import Expectation
from voice.signals import Transcript


@pytest.mark.parametrize(
    ("text", "expected", "sure", "over"),
    [
        ("楼下半夜施工吵得睡不着", Expectation.OPEN, 0.9, True),
        ("楼下半夜施工吵得睡不着。", Expectation.OPEN, 0.9, True),
        ("楼下半夜施工吵得睡不着", Expectation.OPEN, 0.3, False),
        ("楼下半夜施工因为", Expectation.OPEN, 0.9, False),
        ("我家住在天河区车陂路", Expectation.OPEN, 0.9, False),
        ("我要反映", Expectation.OPEN, 0.9, False),
        ("我的电话是138", Expectation.OPEN, 0.9, False),
        ("", Expectation.OPEN, 0.9, False),
        ("在天河区车陂路旁边的超市", Expectation.ADDRESS, 0.9, False),
        ("13800138000", Expectation.DIGITS, 0.9, True),
        ("1380013800", Expectation.DIGITS, 0.9, False),
        ("138001380001", Expectation.DIGITS, 0.9, False),
    ],
)
def test_finished(text: str, expected: Expectation, sure: float, over: bool) -> None:
    assert finished(Transcript(text, sure, "zh"), expected, phrases()) is over
