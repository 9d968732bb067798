"""Digits as people say them, piece by piece."""

import pytest

from bot.rules.spoken_digits import heard, pieces, spell


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("幺三八", ["138"]),
        ("三个零", ["000"]),
        ("一三个零", ["1000"]),
        ("双八孖六一对九", ["886699"]),
        ("二十,十八,五十六", ["20", "18", "56"]),
        ("等一下,什么", []),
    ],
)
def test_pieces(text: str, digits: list[str]) -> None:
    assert [piece.digits for piece in pieces(text)] == digits


@pytest.mark.parametrize("text", ["三栋", "五百", "第二", "A12", "十五号", "两米"])
def test_what_counts_something_is_told_apart(text: str) -> None:
    assert all(piece.counted for piece in pieces(text))


def test_what_is_written_as_it_sounds() -> None:
    assert heard("要三五留八") == "1三五6八"


def test_spell() -> None:
    assert spell("电话三个零") == "电话000"
