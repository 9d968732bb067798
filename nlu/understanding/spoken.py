"""Times and names as callers tell them, in the caller's own words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import yaml

from nlu.understanding.text import LEXICON

LONGEST = 500


@dataclass(frozen=True)
class _Spoken:
    when: re.Pattern[str]
    idle: re.Pattern[str]
    told: dict[str, str]
    calls: re.Pattern[str]
    titled: re.Pattern[str]
    alone: re.Pattern[str]


def when(text: str) -> str | None:
    """The time in ``text`` as said (the longest, the last of equals), or None."""
    spoken = _spoken()
    found = [m.group() for m in spoken.when.finditer(text[:LONGEST])]
    telling = [t for t in found if not spoken.idle.fullmatch(t)]
    longest = max(telling, key=len, default=None)
    return longest.strip("，,、 的") if longest else None


def name(text: str, expected: bool = False) -> str | None:
    """The caller's name in ``text``: full, or surname with title, or surname; None without one.

    ``expected``: the caller was asked for it, so that a bare surname or name is one.
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
    if expected:
        bare = spoken.alone.fullmatch(text.strip("，,。. 啊呀吧的"))
        if bare:
            return bare["full"]
        titled = spoken.titled.search(text)
        if titled:
            return titled.group()
    return None


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
            rf"(?:我是|我叫|我名叫|叫我|名字叫|名字是|叫做)(?P<a>{surname}(?:{title}|{given})){end}"
            rf"|(?:我姓|免贵姓|姓|小姓)(?P<b>{surname}(?:{title})?)"
        ),
        titled=re.compile(rf"{surname}{title}"),
        alone=re.compile(rf"(?:我是|我叫|姓|叫|系|是)?{full}"),
    )
