"""Telephone and ticket numbers as people say them.

Pure: no I/O, no clock. ``spoken_digits`` hears the digits, ``numbers_gaps`` the words between,
``numbers_reading`` what number they make; here it is decided which of several is the caller's,
and what only looks like one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.rules.amending import placed, swap
from bot.rules.numbers_gaps import PLACE_WORDS, gap
from bot.rules.numbers_reading import CITY, LANDLINE, LOCAL, MOBILE, Reading, Told, read
from bot.rules.spoken_digits import Piece, heard, pieces, spell

LONGEST = 400  # characters looked at
_MOST_PIECES = 24  # of a number
_TWINS = re.compile(r"(1[3-9]\d{9})(1[3-9]\d{9})")
_TICKET = re.compile(r"(?<![A-Za-z])GZ[\s-]*((?:\d[\s-]*){10,18})", re.IGNORECASE)
_TICKET_DIGITS = re.compile(r"(?<!\d)20\d{12}(?!\d)")
_TICKET_NAMED = re.compile(r"(?:单号|工单号|编号|单嘅号|号码)(?:是|系|为)?[\s:：]*")
# a number of another kind, named before it
_OTHER_KIND = re.compile(
    r"(?:(?:工单|[订运工保回]?单|编|案|卡|账|帐|户|车牌|快递|证|证件|执照|邮政|密|工|房|门牌|表|病历|就诊|票|批|文|社保|医保|序列|设备|流水|受理|灯杆)"
    r"号码?|身份证(?:号码?)?|银行卡|车牌|邮编|密码|验证码|灯杆|[Qq]{2}号?)(?:末尾|尾号|[后最]+[一-鿿]{0,3})?(?:都?是|为|系)?[\s,，:：]*$"
)
_ANNOUNCED = re.compile(
    r"[电電]话|[座坐]机|号码|联系|打[我给俾畀返回到]|打(?=[2-8二两三四五六七八])|没人接|冇人[听接]|固话|固定|宅电|总机|分机|前台|热线|传真|直线|拨|回电|家[里用电]|屋企"
    r"|店[里铺]?|档口|铺|公司|单位|办公|居委|村委|物业|保安|门岗|(?<=[一-鿿])[:：]\s*(?=[\d二两三四五六七八])|管理处|学校|医院|诊所|区号"
)
_DATE = re.compile(r"20\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])")
_NEAR = 14  # characters before and after a number that may announce it
_OUT = re.compile(
    r"[,，\s]*(?:[这那呢嗰]个)?(?:号码?|电话)?(?:已经|早就|就)?"
    r"(?:不对|唔啱|不是我|唔系我|那是我[^,，]{1,3}的|停机|不用|唔用|冇用|没用|打不通|作废|注销|换了|空号|别打|不要打|唔好打|是旧|是以前)"
)


@dataclass(frozen=True)
class _Number:
    digits: str
    before: str | None
    denied: bool


def phone(text: str, expected: bool = False) -> str | None:
    """The telephone number in ``text``, as digits (a landline with its area code), or None.

    Of several the last one counts, a mobile before a landline, unless it is denied.
    ``expected``: the caller was asked for a number, so that eight digits alone are a landline
    of the city.
    """
    found = list(_numbers(text, expected))
    meant = [n.digits for n in found if not n.denied] or [n.digits for n in found]
    mobiles = [digits for digits in meant if MOBILE.fullmatch(digits)]
    return next(reversed(mobiles or meant), None)


def denied_phone(text: str) -> str | None:
    """The number, or its part, that ``text`` says is wrong, or None."""
    if change := swap(spell(text)):
        return change.wrong
    found = list(_numbers(text, expected=True))
    first = next((n.before or n.digits for n in found), None)
    return first if first and first != found[-1].digits else None


def amend_phone(previous: str, text: str) -> str | None:
    """``previous`` as ``text`` corrects it: a whole new number, or one part put for another."""
    spelled = spell(text)
    change = swap(spelled)
    part = placed(spelled)
    return (
        (change and _valid(change.of(previous)))
        or phone(text, expected=True)
        or (part and _valid(part.of(previous)))
        or None
    )


def ticket_no(text: str) -> str | None:
    """The ticket's number in ``text`` (GZ and digits, or the digits alone), or None."""
    plain = spell(text)
    written = _TICKET.search(plain)
    if written:
        return "GZ" + re.sub(r"\D", "", written[1])
    for run in _runs(text):
        digits = "".join(piece.digits for piece, _ in run)
        if _TICKET_DIGITS.fullmatch(digits):
            return "GZ" + digits
    named = _TICKET_NAMED.search(plain)
    if named:
        said = re.match(r"(?:\d[\s-]*){4,18}", plain[named.end() :])
        number = re.sub(r"\D", "", said.group()) if said else ""
        if number and not MOBILE.fullmatch(number):
            return number
    return None


def _valid(number: str | None) -> str | None:
    return number if number and (MOBILE.fullmatch(number) or LANDLINE.fullmatch(number)) else None


def _numbers(text: str, expected: bool) -> Iterator[_Number]:
    """The numbers in ``text``, each run of digits read by itself."""
    text = heard(text[:LONGEST])
    for run in _runs(text):
        start, end = run[0][0].start, run[-1][0].end
        if _OTHER_KIND.search(text, 0, start):
            continue
        reading = read([told for _, told in run]) if len(run) <= _MOST_PIECES else None
        if reading is None:
            continue
        near = text[max(0, start - _NEAR) : end + _NEAR]
        number = _named(reading, expected or bool(_ANNOUNCED.search(near)))
        if number:
            denied = bool(_OUT.match(text, end))
            yield _Number(number, reading.before, denied)


def _named(reading: Reading, local: bool) -> str | None:
    """The number with its area code; eight digits are one only where a number is told."""
    if not LOCAL.fullmatch(reading.digits):
        return reading.digits
    told_again = reading.sure and not _DATE.fullmatch(reading.digits)
    return CITY + reading.digits if local or told_again else None


def _runs(text: str) -> Iterator[list[tuple[Piece, Told]]]:
    """Pieces of digits that may make one number, each with what stands before it."""
    run: list[tuple[Piece, Told]] = []
    end = 0
    for piece in _split(text):
        between = gap(text[end : piece.start])
        if run and (between.apart or piece.counted):
            yield run
            run = []
        if not run:
            between = gap(text[max(end, piece.start - _NEAR) : piece.start])
        if not piece.counted:
            run.append((piece, (piece.digits, between)))
        end = piece.end
    if run:
        yield run


def _split(text: str) -> Iterator[Piece]:
    """The pieces of ``text``, without those that only tell a place; two numbers in one part."""
    places = [match.span() for match in PLACE_WORDS.finditer(text)]
    for piece in pieces(text):
        if any(start <= piece.start and piece.end <= end for start, end in places):
            continue
        twins = _TWINS.fullmatch(piece.digits)
        for digits in twins.groups() if twins else (piece.digits,):
            yield Piece(piece.start, piece.end, digits, piece.counted)
