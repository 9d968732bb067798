"""Digits as people say them: the telephone's own words, groups, pairs, tens, and what is counted.

Pure: no I/O, no clock. ``pieces`` reads what is said in one go; how pieces make up a number is
read in ``numbers_reading``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

DIGITS = dict(
    zip(
        "零〇洞一幺么二两三四五六七拐八九勾0123456789壹贰叁肆伍陆柒捌玖",
        "000111223456778990123456789123456789",
        strict=True,
    )
)
_D = "".join(letter for letter in DIGITS if not letter.isdigit()) + "0-9"
_COUNTS = dict(zip("双孖俩仨一两二三四五六七八九", (2, 2, 2, 3, 1, 2, *range(2, 10)), strict=True))
# "three zeros", "four all of six", "a pair of eights"
_GROUP = re.compile(
    rf"(?:(?P<some>[一两二三四五六七八九1-9])[个只粒](?:都是|全是|都系)?|(?P<pair>[双孖俩仨]|一对))(?P<of>[{_D}])"
)
_TENS = re.compile(r"([一二三四五六七八九]?)十([一二三四五六七八九]?)")
# what a recogniser writes for a digit; read so only between digits, or where a number begins
_SOUNDS = {
    sound: digit
    for digit, sounds in {
        "0": "灵另铃玲动",
        "1": "妖腰要邀",
        "3": "伞山散",
        "5": "午舞武",
        "6": "流留柳",
        "7": "怪齐起期妻",
        "8": "霸巴把",
        "9": "狗久酒",
    }.items()
    for sound in sounds
}
_SOUNDING = re.compile(
    rf"(?<=[{_D}])[{''.join(_SOUNDS)}](?=[{''.join(_SOUNDS)}]*[{_D}])|[妖腰要邀](?=[三四五六七八九3-9][{_D}])"
)
_LETTER_O = re.compile(rf"(?<=[{_D}])[oO]+(?=[{_D}])")
# a "one", a "two" that is no digit
_WORD = re.compile(
    r"一(?=[下遍次会样直起定般些共边齐阵旦切致向并律概半格])|(?<=[什怎那这多甚])么|[两三四五六七八九](?=[多来几])"
)
_ATOM = re.compile(rf"{_GROUP.pattern}|{_TENS.pattern}|[{_D}]")
_UNIT = re.compile(
    r"\s*(?:[百千万亿元块蚊点月日年岁米个位次天楼栋幢层房室座巷弄期区届折度斤倍平周页公路]|号(?!码)|分(?!机)|单元|小时|千瓦)"
)
_LETTER = re.compile(r"[A-Za-z]\Z")
_COUNTED_DIGITS = 4  # a longer piece is no count
_LONGEST_CODE = 11  # digits after a letter: a plate, a ticket, not a telephone number


@dataclass(frozen=True)
class Piece:
    """Digits said in one go, and where. ``counted``: they count something, a house, a day."""

    start: int
    end: int
    digits: str
    counted: bool = False


def heard(text: str) -> str:
    """``text`` in half width, with the digits that are only written as they sound."""
    text = unicodedata.normalize("NFKC", text)
    text = _LETTER_O.sub(lambda match: "0" * len(match.group()), text)
    return _SOUNDING.sub(lambda match: _SOUNDS[match.group()], text)


def pieces(text: str) -> list[Piece]:
    """The stretches of digits in ``text`` with nothing between their digits."""
    found: list[Piece] = []
    barred = {match.start() for match in _WORD.finditer(text)}
    at = 0
    while match := _ATOM.search(text, at):
        start, at = match.span()
        if start in barred:
            at = start + 1
            continue
        digits = _digits(match)
        if found and found[-1].end == start:
            start, digits = found[-1].start, found.pop().digits + digits
        found.append(Piece(start, at, digits))
    return [_weighed(piece, text) for piece in found]


def spell(text: str) -> str:
    """``text`` with spoken digits as digits and groups written out; other words stay."""
    written = _GROUP.sub(lambda match: _digits(match), text)
    return "".join(DIGITS.get(letter, letter) for letter in written)


def _digits(match: re.Match[str]) -> str:
    if match["of"]:
        count = (match["some"] or match["pair"])[0] if match["pair"] != "一对" else "双"
        return DIGITS[match["of"]] * (_COUNTS[count] if count in _COUNTS else int(count))
    said = match.group()
    if "十" in said:
        tens, ones = said.split("十")
        return DIGITS.get(tens, "1") + DIGITS.get(ones, "0")
    return DIGITS[said]


def _weighed(piece: Piece, text: str) -> Piece:
    short = len(piece.digits) <= _COUNTED_DIGITS
    counted = short and (_UNIT.match(text, piece.end) or text[: piece.start].endswith("第"))
    coded = len(piece.digits) < _LONGEST_CODE and _LETTER.search(text, 0, piece.start)
    return replace(piece, counted=bool(counted or coded))
