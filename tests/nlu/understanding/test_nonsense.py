"""Nonsense is told from sentences."""

from itertools import pairwise

import pytest

from nlu.understanding.examples import read_examples
from nlu.understanding.nonsense import is_nonsense

SEEN = {one + other for e in read_examples() for one, other in pairwise(e.text)}


@pytest.mark.parametrize("text", ["的桌天跑蓝了昨吃", "杯山纸鱼走灰窗七"])
def test_strung_characters_are_nonsense(text: str) -> None:
    assert is_nonsense(text, SEEN)


@pytest.mark.parametrize("text", ["", "好", "路灯坏了", "门口的桌子被人搬走了", "123", "〒"])
def test_sentences_are_not(text: str) -> None:
    assert not is_nonsense(text, SEEN)


@pytest.mark.parametrize(
    ("text", "nonsense"),
    [
        ("please help my husband fell", False),
        ("please help mein mann", False),
        ("asdf jkl", True),
        ("la lampe est en panne", True),
        ("vp3", True),
    ],
)
def test_another_script_is_known_by_its_words(text: str, nonsense: bool) -> None:
    seen = {"w:please", "w:help", "w:my", "w:husband", "w:fell"}
    assert is_nonsense(text, seen) is nonsense
