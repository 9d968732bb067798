"""Times and names as callers tell them, in the caller's own words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import yaml

from nlu.understanding.text import LEXICON

LONGEST = 500
_TRIMMED = " ,.\u3002\uff0c啊呀吧的"


@dataclass(frozen=True)
class _Spoken:
    when: re.Pattern[str]
    idle: re.Pattern[str]
    told: dict[str, str]
    calls: re.Pattern[str]
    titled: re.Pattern[str]
    alone: re.Pattern[str]
    number: re.Pattern[str]
    part: re.Pattern[str]


def when(text: str) -> str | None:
    """The time in ``text`` as said (the longest, the last of equals), or None."""
    spoken = _spoken()
    found = [m.group() for m in spoken.when.finditer(text[:LONGEST])]
    telling = [t for t in found if not spoken.idle.fullmatch(t)]
    longest = max(telling, key=len, default=None)
    return longest.strip("，,、 的") if longest else None


def name(text: str, asked: str | None = None) -> str | None:
    """The caller's name in ``text``: full, or surname with title, or surname; None without one.

    ``asked``: what the caller was just asked for (``Understander.understand``). A bare surname or
    name is one where the name was asked for, and beside a number; a surname with its title as a
    clause of its own also where another particular of a report was asked for.
    """
    text = text[:LONGEST]
    spoken = _spoken()
    surname = next((s for told, s in spoken.told.items() if told in text), None)
    called = spoken.calls.search(text)
    if called:
        found = called["a"] or called["b"]
        return surname if surname and len(found) == 1 else found
    if surname:
        return surname
    if asked is None:
        return None
    beside = spoken.number.search(text) is not None
    for clause in spoken.part.split(text):
        bare = spoken.alone.fullmatch(clause.strip(_TRIMMED))
        whole = asked == "name" or beside
        if bare and (whole or (asked != "who" and spoken.titled.fullmatch(bare["full"]))):
            return bare["full"]
    titled = spoken.titled.search(text) if asked == "name" else None
    return titled.group() if titled else None


@cache
def _spoken() -> _Spoken:
    table = yaml.load((LEXICON / "spoken.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    times, names = table["when"], table["name"]
    piece = "|".join(f"(?:{times[part]})" for part in ("ago", "date", "clock", "day", "part"))
    surname = f"(?:{'|'.join(names['compound'])}|[{names['surnames']}])"
    title = f"(?:{'|'.join(names['titles'])})"
    given = r"[一-鿿]{1,2}"
    end = r"(?=[,,。.!?、\s]|的|嘅|电话|手机|$|住|是|啊|呀|$)"
    full = rf"(?P<full>{surname}(?:{title}|{given})?)"
    return _Spoken(
        when=re.compile(rf"(?:{piece})(?:(?:{times['glue']}){{0,3}}(?:{piece}))*"),
        idle=re.compile(times["idle"]),
        told=names["told"],
        calls=re.compile(
            rf"(?:我是|我叫|我名叫|叫我|名字叫|名字是|叫做|联系人(?:是|叫|:)?)(?P<a>{surname}(?:{title}|{given})){end}"
            rf"|(?:我姓|免贵姓|姓|小姓)(?P<b>{surname}(?:{title})?)"
        ),
        titled=re.compile(rf"{surname}{title}"),
        alone=re.compile(rf"(?:我是|我叫|叫我|姓|叫|系|是)?(?!{names['never']}){full}"),
        number=re.compile(rf"{times['number']}|电话|手机|号码"),
        part=re.compile(rf"[,;!?\s\u3001\u3002\uff0c\uff1b\uff01\uff1f]|{times['number']}"),
    )
