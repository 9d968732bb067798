"""A part of a number put right: what was wrong, what is right, and which of its digits are meant.

Pure: no I/O, no clock. What is wrong may be told in full, by its place, or not at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.rules.spoken_digits import spell

WHOLE_DIGITS = 7  # so many are a number of their own, not a part of one

_GAP = r"[\s,，、。.…]*"
_NO = r"(?:不是|唔系|不系|并不是|并非)"
_YES = r"(?:应该是|应该系|应当是|而是|而系|是|系)"
_SHOULD = r"(?:应该是|应该系|应当是|其实是|其实系)"
_WRONG = r"(?:不对|唔对|唔啱|说错了?|讲错[咗了]?|弄错了|搞错[咗了]|错[了咗]|有误)"
_INTO = r"(?:改成|改为|改做|换成|换做|换为)"
_COUNTED = r"[1-8]?(?:位数?字?|个数字?|个字)"
_PLACES = {
    "last": rf"(?:(?:最后面?|最尾|后面|末尾|后|末|尾)[那嗰]?{_COUNTED}|尾号|尾数|末尾)",
    "first": rf"(?:(?:最前面?|前面|开头|前|头)[那嗰]?{_COUNTED}|开头|号段)",
    "middle": rf"(?:中间|当中)[那嗰]?(?:{_COUNTED})?",
}
_PLACE = "(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _PLACES.items()) + ")"
_HEAD = rf"(?:{_PLACE}{_GAP})?"
_ASIDE = rf"(?:{_WRONG}[啊呀喇啦]?{_GAP})?"
_SWAPS = tuple(
    re.compile(_HEAD + pattern)
    for pattern in (
        rf"{_ASIDE}{_NO}(?P<wrong>\d+)[啊呀]?{_GAP}(?:(?<=[,，、\s]){_YES}?|{_YES})(?P<right>\d+)",
        rf"(?P<wrong>\d+){_GAP}(?:{_NO}|{_WRONG}){_GAP}{_YES}(?P<right>\d+)",
        rf"(?P<wrong>\d+){_GAP}{_SHOULD}(?P<right>\d+)",
        rf"{_YES}?(?P<right>\d+){_GAP}{_NO}(?P<wrong>\d+)",
        rf"[把将]?(?P<wrong>\d+){_GAP}{_INTO}(?P<right>\d+)",
    )
)
_PLACED = re.compile(
    rf"{_PLACE}{_GAP}{_ASIDE}(?:{_YES}|{_INTO}|为)?{_GAP}(?P<right>\d{{1,8}})(?!\d)"
    r"(?!\D{0,2}\d{3})"  # a number told in groups goes on
)
_UNIT = re.compile(r"\s*[号栋楼房室路元块点月日座层巷弄年分米个人天次岁蚊斤度]")
_SURE_DIGITS = 3  # fewer are any number's, unless their place is told


@dataclass(frozen=True)
class Amendment:
    """``right`` for ``wrong`` (None: for what stands at its place). ``place``: first, middle, last
    or None. ``span``: where it is said in the spelled text.
    """

    wrong: str | None
    right: str
    place: str | None
    span: tuple[int, int]

    def of(self, number: str) -> str | None:
        """``number`` put right, or None where it has no such part."""
        if self.place is None or (self.place == "middle" and self.wrong in _parts(number)):
            return self._swapped(number)
        size = len(self.right)
        if size >= len(number):
            return None
        if self.place == "last":
            return number[:-size] + self.right
        at = 0 if self.place == "first" else 3
        return number[:at] + self.right + number[at + size :]

    def _swapped(self, number: str) -> str | None:
        if not self.wrong or self.wrong not in number:
            return None
        if number.startswith(self.wrong):
            return self.right + number[len(self.wrong) :]
        head, _, tail = number.rpartition(self.wrong)
        return head + self.right + tail


def _parts(number: str) -> frozenset[str]:
    return frozenset(number[a:b] for a in range(len(number)) for b in range(a + 1, len(number)))


def swap(spelled: str) -> Amendment | None:
    """One part told to stand for another in ``spelled`` (`spoken_digits.spell`), or None."""
    for pattern in _SWAPS:
        for match in pattern.finditer(spelled):
            wrong, right = match["wrong"], match["right"]
            alike = (len(wrong) >= WHOLE_DIGITS) == (len(right) >= WHOLE_DIGITS)
            if alike and wrong != right and not _counts(match, "wrong", "right"):
                return Amendment(wrong, right, _place(match), match.span())
    return None


def placed(spelled: str) -> Amendment | None:
    """The last part that is told anew by its place, or None."""
    found = [match for match in _PLACED.finditer(spelled) if not _counts(match, "right")]
    if not found:
        return None
    return Amendment(None, found[-1]["right"], _place(found[-1]), found[-1].span())


def amended(number: str, text: str) -> str | None:
    """``number`` with the part that ``text`` puts right, where nothing else can be meant."""
    spelled = spell(text)
    change = swap(spelled) or placed(spelled)
    if change is None:
        return None
    long = min(len(change.wrong or ""), len(change.right)) >= _SURE_DIGITS
    new = change.of(number) if long or change.place else None
    return new if new and len(new) == len(number) else None


def _place(match: re.Match[str]) -> str | None:
    return next((name for name in _PLACES if match[name]), None)


def _counts(match: re.Match[str], *groups: str) -> bool:
    """Whether they count something: a house, a day, money."""
    return any(_UNIT.match(match.string[match.end(group) :]) for group in groups)
