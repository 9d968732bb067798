"""Telephone and ticket numbers as people say them.

Pure: no I/O, no clock. Takes the last of several tries in a sentence (``spoken_digits`` reads
them), and reads what puts a number right that was told before.
"""

from __future__ import annotations

import re

from bot.rules.amending import WHOLE_DIGITS, Amendment, placed, swap
from bot.rules.spoken_digits import DIGITS, guesses, runs, spell

_D = "".join(letter for letter in DIGITS if not letter.isdigit()) + "0-9"

_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(0(?:10|2\d|[3-9]\d{2}))([2-9]\d{6,7})(?!\d)")
_LOCAL = re.compile(r"(?<!\d)[2-8]\d{7}(?!\d)")
_TICKET = re.compile(r"(?<![A-Za-z])GZ[\s-]*((?:\d[\s-]*){10,18})", re.IGNORECASE)
_TICKET_DIGITS = re.compile(r"(?<!\d)20\d{12}(?!\d)")
_TICKET_NAMED = re.compile(r"(?:单号|工单号|编号|单嘅号|号码)(?:是|系|为)?[\s:：]*")
_NOT = re.compile(r"(?:不是|唔系|不|唔)$")


# the last digits put right, and the area code named after the number
_LAST = re.compile(
    rf"(?:最后|尾数|末尾|最尾|后面)[一二两三四1-4]?(?:位|个)?(?:数|数字|号码)?(?:不?是|系|应该是|改成|为)([{_D}]{{1,4}})(?![{_D}])"
    rf"(?![^{_D}]{{0,2}}[{_D}]{{3}})"  # a number told in groups goes on
)
# which of its digits come next
_PLACES = re.compile(
    r"(?:开头|前面|前|中间|当中|后面|最后|后|末|尾)[一二三四两几1-4]?位(?:数字?)?(?:是|系)?"
)
_AREA_AFTER = re.compile(
    rf"(?:前面|前边|区号|开头)[^{_D}]{{0,4}}([零〇洞0][二两2][零〇洞0])(?![{_D}])"
)


def phone(text: str, expected: bool = False) -> str | None:
    """The telephone number in ``text``, as digits (a landline with its area code), or None.

    Of several the last one counts, unless what stands before it denies it. ``expected``: the
    caller was asked for a number, so that eight digits alone are a landline of the city.
    """
    change = swap(spelled := spell(text))
    if change and len(change.right) < WHOLE_DIGITS:
        return _put_right(spelled, change, expected)
    return _read(text, expected)


def _read(text: str, expected: bool) -> str | None:
    if area := _AREA_AFTER.search(text):
        return _first_local(text[: area.start()]) or _phone(text, expected)
    number = _phone(text, expected)
    last = _LAST.search(text)
    if number and last and len(runs(text)) > 1:
        ending = spell(last[1])
        return number[: -len(ending)] + ending
    part = number and placed(spelled := spell(text))
    if number and part and _phone(spelled[: part.span[0]], expected) == number:
        return _valid(part.of(number)) or number
    if number and _MOBILE.fullmatch(number):
        return number
    guessed = _guessed(text, expected)
    if guessed and (number is None or _MOBILE.fullmatch(guessed)):
        return guessed
    return number or _phone(_PLACES.sub("", text), expected)


def _put_right(spelled: str, change: Amendment, expected: bool) -> str | None:
    """The number in ``spelled`` of which a part is put right: before, or while it is told. The two
    parts by themselves are never a number.
    """
    before, after = spelled[: change.span[0]], spelled[change.span[1] :]
    if told := _read(before, expected):
        return _read(after, expected) or _valid(change.of(told)) or told
    head, found, rest = before.rpartition(change.wrong or "")
    tries = [head + change.right + rest + after] if found else []
    tries += [before + change.right + after, f"{before},{after}"]
    return next((number for text in tries if (number := _read(text, expected))), None)


def _valid(number: str | None) -> str | None:
    return number if number and _as_phone(number, True) else None


def _guessed(text: str, expected: bool) -> str | None:
    """A number told in pieces with other words between, in tens, or put right halfway."""
    numbers = [n for d in guesses(text) if (n := _whole(d, expected))]
    return next((n for n in numbers if _MOBILE.fullmatch(n)), next(iter(numbers), None))


def _whole(digits: str, expected: bool) -> str | None:
    """``digits`` where they are a number and nothing but one; its end may be told again."""
    digits = re.sub(r"^(?:0086|86)(?=1[3-9]\d{9})", "", digits)
    mobile, told_again = digits[:11], digits[11:]
    if _MOBILE.fullmatch(mobile) and mobile.endswith(told_again) and len(told_again) not in (1, 2):
        return mobile
    if expected and _LOCAL.fullmatch(digits):
        return "020" + digits
    return digits if _LANDLINE.fullmatch(digits) else None


def _first_local(text: str) -> str | None:
    """A landline of the city whose area code is named apart from it."""
    found = [d for _, d in _phone_runs(text) if _LOCAL.fullmatch(d)]
    return "020" + found[-1] if found else None


def _phone(text: str, expected: bool) -> str | None:
    best: str | None = None
    change = swap(spell(text))
    tries = _phone_runs(text)
    for order, (start, digits) in enumerate(tries):
        number = _as_phone(digits, expected or _announced(text, start))
        denied = _NOT.search(_before(text, start)) and order < len(tries) - 1
        if number and not (denied and tries[order + 1][0] != start):
            best = number
    if best and change:
        best = _valid(change.of(best)) or best
    return best


def denied_phone(text: str) -> str | None:
    """The number, or its part, that ``text`` says is wrong, or None."""
    change = swap(spell(text))
    if change:
        return change.wrong
    numbers = [n for _, d in _phone_runs(text) if (n := _as_phone(d, True))]
    return numbers[0] if len(numbers) > 1 and numbers[0] != numbers[-1] else None


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
    for _, digits in runs(text):
        if _TICKET_DIGITS.fullmatch(digits):
            return "GZ" + digits
    named = _TICKET_NAMED.search(plain)
    if named:
        said = re.match(r"(?:\d[\s-]*){4,18}", plain[named.end() :])
        number = re.sub(r"\D", "", said.group()) if said else ""
        if number and not _MOBILE.fullmatch(number):
            return number
    return None


def _phone_runs(text: str) -> list[tuple[int, str]]:
    """Runs that may hold a telephone number, at least seven digits; two said in a row part."""
    found = []
    for start, digits in runs(text):
        twins = re.fullmatch(r"(1[3-9]\d{9})(1[3-9]\d{9})", digits)
        found += [(start, d) for d in (twins.groups() if twins else (digits,)) if len(d) >= 7]
    return found


def _as_phone(digits: str, local: bool) -> str | None:
    digits = re.sub(r"^(?:0086|86)(?=1[3-9]\d{9}$)", "", digits)
    if _MOBILE.fullmatch(digits):
        return digits
    if _LANDLINE.fullmatch(digits):
        return digits
    if local and _LOCAL.fullmatch(digits):
        return "020" + digits
    # a count or a house number may stand before it: take the number at the run's end
    tail = re.search(r"1[3-9]\d{9}$", digits)
    return tail.group() if tail and len(digits) <= 15 else None


def _announced(text: str, start: int) -> bool:
    return bool(
        re.search(r"电话|座机|号码|联系|打我|固话|家里电", text[max(0, start - 12) : start + 2])
    )


def _before(text: str, start: int) -> str:
    return text[max(0, start - 4) : start].rstrip(" ,，:：")
