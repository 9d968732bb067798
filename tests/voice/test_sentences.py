"""Replies in speakable pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.sentences import LONGEST, cut


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("您好。", ["您好。"]),
        ("好的。请问在哪里?", ["好的。请问在哪里?"]),
        ("已经为您登记。请问还有别的事吗?", ["已经为您登记。", "请问还有别的事吗?"]),
        ("他说“快来!”然后挂了。", ["他说“快来!”", "然后挂了。"]),
        ("第一行没有标点\n第二行", ["第一行没有标点", "第二行"]),
    ],
)
def test_cut(text: str, pieces: list[str]) -> None:
    assert cut(text) == pieces


def test_a_long_sentence_is_cut_at_commas() -> None:
    pieces = cut("一二三四五六七八九十," * 30 + "完。")
    assert len(pieces) > 4
    assert max(map(len, pieces)) <= LONGEST


@given(st.text(alphabet="好的,。!?;\n、 a1”)", max_size=400))
def test_nothing_is_lost_and_nothing_is_long(text: str) -> None:
    pieces = cut(text)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(len(piece) <= 4 * LONGEST + 10 for piece in pieces)
