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


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("喂好的好的", True),
        ("那就对啊", True),
        ("不用了谢谢啊", False),
        ("喂", None),
        ("你好啊", None),
        ("", None),
        ("谢谢啊", None),
        ("好的算了", None),
        ("对面路灯坏了", None),
        ("好的" * 400 + "灯", None),
    ],
)
def test_an_answer_may_have_other_small_words_about_it(text: str, answer: bool | None) -> None:
    fillers = {"喂", "的", "你好", "那", "就", "啊", "谢谢", "了"}
    assert wanted(text, YES | {"好"}, NO, fillers) is answer


def test_what_was_told_is_said_again_without_the_short_answers() -> None:
    assert again(["车陂路有人施工", "对。", "我姓陈啊", "不"]) == "车陂路有人施工\uff0c我姓陈啊"
    assert again(["对", "不用"]) == ""
    assert len(again(["车陂路有人施工"] * 200)) == LONGEST
