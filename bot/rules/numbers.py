"""Telephone and ticket numbers as people say them.

Pure: no I/O, no clock. Takes the last of several tries in a sentence (``spoken_digits`` reads
them), and reads what puts a number right that was told before.
"""

from __future__ import annotations

import re

from bot.rules.spoken_digits import DIGITS, guesses, runs, spell

_D = "".join(letter for letter in DIGITS if not letter.isdigit()) + "0-9"

_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(0(?:10|2\d|[3-9]\d{2}))([2-9]\d{6,7})(?!\d)")
_LOCAL = re.compile(r"(?<!\d)[2-8]\d{7}(?!\d)")
_TICKET = re.compile(r"(?<![A-Za-z])GZ[\s-]*((?:\d[\s-]*){10,18})", re.IGNORECASE)
_TICKET_DIGITS = re.compile(r"(?<!\d)20\d{12}(?!\d)")
_TICKET_NAMED = re.compile(r"(?:单号|工单号|编号|单嘅号|号码)(?:是|系|为)?[\s:：]*")
_NOT = re.compile(r"(?:不是|唔系|不|唔)$")
_SWAP = re.compile(
    rf"(?:不是|唔系)([{_D}]+)[\s,，]*(?:是|系|应该是)([{_D}]+)"
    rf"|([{_D}]+)[\s,，…]*(?:不是|唔系|不对)[\s,，]*(?:是|系)([{_D}]+)"
    rf"|(?:是|系)([{_D}]+)[\s,，]*(?:不是|唔系)([{_D}]+)"
)


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
    if area := _AREA_AFTER.search(text):
        return _first_local(text[: area.start()]) or _phone(text, expected)
    number = _phone(text, expected)
    last = _LAST.search(text)
    if number and last and len(runs(text)) > 1:
        ending = spell(last[1])
        return number[: -len(ending)] + ending
    if number and _MOBILE.fullmatch(number):
        return number
    guessed = _guessed(text, expected)
    if guessed and (number is None or _MOBILE.fullmatch(guessed)):
        return guessed
    return number or _phone(_PLACES.sub("", text), expected)


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
    swap = _swapped(text)
    tries = _phone_runs(text)
    for order, (start, digits) in enumerate(tries):
        number = _as_phone(digits, expected or _announced(text, start))
        denied = _NOT.search(_before(text, start)) and order < len(tries) - 1
        if number and not (denied and tries[order + 1][0] != start):
            best = number
    if best and swap:
        best = _amend(best, *swap) or best
    return best


def denied_phone(text: str) -> str | None:
    """The number, or its part, that ``text`` says is wrong, or None."""
    swap = _swapped(text)
    if swap:
        return swap[0]
    numbers = [n for _, d in _phone_runs(text) if (n := _as_phone(d, True))]
    return numbers[0] if len(numbers) > 1 and numbers[0] != numbers[-1] else None


def amend_phone(previous: str, text: str) -> str | None:
    """``previous`` as ``text`` corrects it: a whole new number, or one part put for another."""
    swap = _swapped(text)
    return (swap and _amend(previous, *swap)) or phone(text, expected=True)


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


def _swapped(text: str) -> tuple[str, str] | None:
    """(wrong, right) of a part that is put for another; None where nothing is."""
    match = _SWAP.search(text)
    if not match:
        return None
    groups = [spell(g) if g else None for g in match.groups()]
    pairs = ((groups[0], groups[1]), (groups[2], groups[3]), (groups[5], groups[4]))
    wrong, right = next((w, r) for w, r in pairs if w and r)
    if len(wrong) > 8 or wrong == right:
        return None
    return wrong, right


def _amend(number: str, wrong: str, right: str) -> str | None:
    """``number`` with its last ``wrong`` (first, as the prefix) put right, or None."""
    if wrong not in number:
        return None
    if number.startswith(wrong):
        changed = right + number[len(wrong) :]
    else:
        head, _, tail = number.rpartition(wrong)
        changed = head + right + tail
    return changed if _as_phone(changed, True) else None
