"""A broken-off report is taken up, or not."""

import pytest

from bot.rules.resuming import LONGEST, again, wanted

YES, NO = {"对", "好的"}, {"不用", "算了"}


@pytest.mark.parametrize(
    ("text", "answer"),
    [("对。", True), ("好的!", True), ("不用", False), ("算了。", False), ("路灯坏了", None)],
)
def test_only_a_plain_answer_is_one(text: str, answer: bool | None) -> None:
    assert wanted(text, YES, NO) is answer


def test_what_was_told_is_said_again_without_the_short_answers() -> None:
    assert again(["车陂路有人施工", "对。", "我姓陈啊", "不"]) == "车陂路有人施工\uff0c我姓陈啊"
    assert again(["对", "不用"]) == ""
    assert len(again(["车陂路有人施工"] * 200)) == LONGEST
