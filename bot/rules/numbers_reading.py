"""Pieces of digits read as one telephone number: told on, told again, put right, begun anew.

Pure: no I/O, no clock. Each piece may do several things to what was told before; the cheapest way
to a whole number is how it was meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.rules.numbers_gaps import Gap

MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0(?:10|2\d)[2-9]\d{7}|0[3-9]\d{2}[2-9]\d{6,7}")
LOCAL = re.compile(r"[2-8]\d{7}")
CITY = "020"
_AREA = re.compile(r"0(?:10|2\d|[3-9]\d{2})")
_BEGINS = re.compile(r"1[3-9]|0[1-9]|020")
_COUNTRY = re.compile(r"(?:00)?86(1[3-9]\d{9}|20[2-8]\d{7})")
_TICKET = re.compile(r"20\d{12}")
_LONGEST = 15  # digits that may hold a number
_MOST = 40  # readings followed at a time
_WHOLE_DIGITS = 7  # so many are not put in the place of a part
_LOCAL_COST = 1.5  # of eight digits beside eleven
_SURE_DIGITS = 3  # so many told again tell that a number is a telephone's
_ASIDE_DIGITS = 4  # digits after a whole number that may mean something else

Told = tuple[str, Gap]


@dataclass(frozen=True)
class Reading:
    """What was told so far: the digits, and which of them last. ``wrong``: these are said to be
    wrong. ``tail``: the beginning is still to come. ``sure``: a whole number was told again or
    put right. ``before``: a whole number that another replaced.
    """

    digits: str = ""
    at: int = 0
    to: int = 0
    wrong: bool = False
    tail: bool = False
    sure: bool = False
    before: str | None = None


Step = tuple[float, Reading]


def whole(digits: str) -> bool:
    """Whether ``digits`` are a number, with its area or without."""
    return any(kind.fullmatch(digits) for kind in (MOBILE, LANDLINE, LOCAL))


def read(told: Sequence[Told]) -> Reading | None:
    """The likeliest whole number of ``told``, pieces with what stands before each; or None."""
    readings = {Reading(): 0.0}
    for digits, gap in told:
        following: dict[Reading, float] = {}
        for reading, spent in readings.items():
            for cost, step in _steps(reading, digits, gap):
                total = spent + cost
                if len(step.digits) <= _LONGEST and total < following.get(step, 99.0):
                    following[step] = total
        readings = dict(sorted(following.items(), key=lambda item: item[1])[:_MOST])
    ends = [
        (cost + _LOCAL_COST * bool(LOCAL.fullmatch(reading.digits)), reading)
        for reading, cost in readings.items()
        if whole(reading.digits) and not reading.tail
    ]
    return min(ends, key=lambda end: end[0])[1] if ends else None


def _steps(told: Reading, digits: str, gap: Gap) -> Iterator[Step]:
    if not told.digits:
        yield from _begun(told, digits, gap)
    elif gap.denied:
        yield from _denied(told, digits, gap)
    elif gap.fix or told.wrong:
        yield from _corrected(told, digits, gap)
    else:
        if gap.hesitates:
            yield from ((cost + 1, step) for cost, step in _corrected(told, digits, gap))
        yield from _continued(told, digits, gap)


def _begun(told: Reading, digits: str, gap: Gap) -> Iterator[Step]:
    if gap.denied:
        yield 1, replace(told, wrong=True, before=digits if whole(digits) else told.before)
        return
    number = _national(digits)
    tail = gap.place not in (None, "first") and not whole(number)
    yield 0, _all(number, replace(told, wrong=False, tail=tail))
    house = MOBILE.fullmatch(digits[-11:]) and len(digits) > 11 and not _TICKET.fullmatch(digits)
    if house:  # told in one breath with what stands before it
        yield 3, _all(digits[-11:], told)


def _denied(told: Reading, digits: str, gap: Gap) -> Iterator[Step]:
    """The piece is wrong: it is what is replaced next, or what was told just now replaced it."""
    number, base = told.digits, told.digits[: told.at]
    if told.to == len(number) and told.at and (found := _part(base, digits)) is not None:
        right = number[told.at :]
        if len(right) < _WHOLE_DIGITS:
            mended = base[:found] + right + base[found + len(digits) :]
            yield 0.5, _all(mended, replace(told, sure=whole(base)))
    at = _where(gap.place, number, digits) if gap.place else _part(number, digits)
    if at is not None:
        yield 1, replace(told, at=at, to=at + len(digits), wrong=True)
    else:
        yield 1, told
        if not whole(number):
            yield 1.5, replace(told, wrong=True)


def _corrected(told: Reading, digits: str, gap: Gap) -> Iterator[Step]:
    number, length = told.digits, len(digits)
    fixed = replace(told, wrong=False, sure=whole(number), tail=False)
    if gap.place and (at := _where(gap.place, number, digits)) is not None:
        yield 0.5, _put(fixed, at, at + length, digits)
    if gap.place in (None, "first") or whole(digits):
        opens = _BEGINS.match(digits) or length >= _WHOLE_DIGITS
        yield 1 if opens else 3, _anew(fixed, digits)
    if gap.place is None:
        yield 1 + abs(told.to - told.at - length) / 4, _put(fixed, told.at, told.to, digits)
        if length > 1 and (said := number.rfind(digits)) > 0:  # told again from there on
            yield 1.2, _put(fixed, said, len(number), digits)
        if length < len(number):
            yield 1.25, _put(fixed, len(number) - length, len(number), digits)
            if length == 3 and MOBILE.fullmatch(number) and _BEGINS.match(digits):
                yield 0.9, _put(fixed, 0, length, digits)
    if gap.place and not whole(number):
        yield 2, _put(fixed, len(number), len(number), digits)


def _continued(told: Reading, digits: str, gap: Gap) -> Iterator[Step]:
    number, complete = told.digits, whole(told.digits)
    if gap.anew:
        yield 0, _anew(told, digits)
    if _AREA.fullmatch(digits) and LOCAL.fullmatch(number):
        yield 0, replace(_all(digits + number, told), sure=True)
    elif told.tail and gap.place == "first":
        yield 0.5, _all(digits + number, replace(told, tail=False))
    elif not isinstance(gap.place, int):
        strange = 3.0 if gap.strange else 0.0
        yield strange, _put(told, len(number), len(number), digits)
    if complete and gap.place and (at := _where(gap.place, number, digits)) is not None:
        yield 1, _put(replace(told, sure=True), at, at + len(digits), digits)
    last = number[told.at : told.to]
    if digits.startswith(last):
        yield 1.5, _put(told, told.at, told.to, digits)
    if whole(digits):
        other = MOBILE.fullmatch(number) and not MOBILE.fullmatch(digits)
        yield 1, told if other else _anew(told, digits)
    yield from _beside(told, digits, gap) if complete else ()


def _beside(told: Reading, digits: str, gap: Gap) -> Iterator[Step]:
    """A whole number stands; the piece tells a part of it again, begins another, or is none."""
    at = _part(told.digits, digits, told.to)
    if gap.place is None and at is not None:
        sure = told.sure or len(digits) >= _SURE_DIGITS
        yield 0.5, replace(told, at=at, to=at + len(digits), sure=sure)
    if _BEGINS.match(digits):
        yield 3, _anew(told, digits)
    if gap.pause and len(digits) <= _ASIDE_DIGITS:
        yield 4, told


def _where(place: str | int | None, number: str, digits: str) -> int | None:
    """Where ``digits`` stand in ``number`` by the place that was told; None if they can't."""
    length = len(digits)
    at = {"first": 0, "middle": 3, "last": len(number) - length}.get(str(place), -1)
    if isinstance(place, int):
        at = place - 1 if place > 0 else len(number) + place
    return at if at >= 0 and length < len(number) and at + length <= len(number) else None


def _part(number: str, digits: str, after: int = 0) -> int | None:
    """Where ``number`` holds ``digits``: next, at its beginning, or the last time; or None."""
    if after and number.startswith(digits, after):
        return after
    found = 0 if number.startswith(digits) else number.rfind(digits)
    return found if found >= 0 and digits else None


def _national(digits: str) -> str:
    """``digits`` as they are dialled in the country."""
    abroad = _COUNTRY.fullmatch(digits)
    return digits if abroad is None else abroad[1] if abroad[1][0] == "1" else "0" + abroad[1]


def _put(told: Reading, at: int, to: int, digits: str) -> Reading:
    number = _national(told.digits[:at] + digits + told.digits[to:])
    return replace(told, digits=number, at=at, to=at + len(digits), wrong=False)


def _all(digits: str, told: Reading) -> Reading:
    return replace(told, digits=digits, at=0, to=len(digits), wrong=False)


def _anew(told: Reading, digits: str) -> Reading:
    before = told.digits if whole(told.digits) and told.digits != digits else told.before
    return _all(_national(digits), replace(told, before=before, tail=False))
