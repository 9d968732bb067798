"""The names of the gazetteer in what a caller says, and which of them are said not to be meant.

Pure: no I/O, no clock. The names come from ``knowledge_base`` (districts.yml, places.yml) and are
passed in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

LONGEST = 1000  # characters looked at

_DENIED = re.compile(
    r"(?:不是|唔系|并不是|而不是|不在|唔喺|不系|唔是|别写|不叫)(?:在|喺|说|讲|个|那个|什么)?$"
)
# a name, and then that it is not the place
_WRONG = re.compile(
    r"(?:那个|那边|嗰个|嗰边|那里|的)?[,，、。.…\s]*(?:[呃嗯啊哦喔噢额欸哎诶唉]+[,，、。.…\s]*)*"
    r"(?:(?:不是|唔系)(?=[我这那呢说讲,，。;； ]|$)|不对|唔对|唔啱|错了|[听写说讲记搞]错"
    r"|不(?=[,，、 ])|应该[是系])"
)
_JOINED = re.compile(r"[的嘅那嗰个边]{0,3}")
_OF = re.compile(r"[的嘅市那嗰]?")
_SPOTS = frozenset({"landmark", "estate", "village", "road", "metro", "area"})
_NO_CITY = re.compile(
    r"(?:[东西南北中]?路|街|大道|大厦|酒|菜|人|籍|户口|户籍|牌|银行|牛|鸡|小吃|肠粉|火锅|医院|号|[东西南北]站)"
)


@dataclass(frozen=True)
class Place:
    """A name of the gazetteer: its district, its street where it has one, and what it is."""

    name: str
    district: str | None
    street: str | None = None
    kind: str = "landmark"  # district, street, metro, area, landmark, road, estate, village, city,
    # other_city, far_city
    city: str | None = None  # another city


@dataclass(frozen=True)
class Ambiguity:
    """A name that may be one of several places, and the question to ask back. ``likely``: the
    district that is meant where it is written so."""

    name: str
    candidates: tuple[Place, ...]
    ask: str
    likely: str | None = None


@dataclass(frozen=True)
class Gazetteer:
    """Every name of the city and its neighbours, and the lengths of names by first character."""

    places: dict[str, Place]
    ambiguous: dict[str, Ambiguity]
    lengths: dict[str, tuple[int, ...]]
    not_places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mention:
    """A name of the gazetteer in a text, with its span, and whether it was denied."""

    start: int
    end: int
    name: str
    place: Place | None
    ambiguity: Ambiguity | None = None
    denied: bool = False


def mentions(text: str, gazetteer: Gazetteer) -> list[Mention]:
    """Names in ``text``, longest first at each place, left to right, none inside another."""
    text = text[:LONGEST]
    barred = _barred(text, gazetteer.not_places)
    found = []
    at = 0
    while at < len(text):
        mention = _mention_at(text, at, gazetteer)
        if mention and mention.end > barred.get(at, 0):
            found.append(mention)
            at = mention.end
        else:
            at += 1
    return found


def corrected(text: str, named: list[Mention]) -> list[Mention]:
    """``named``, where a name that is said not to be the place is denied if another follows, and
    with it what it is joined to."""
    found: list[Mention] = []
    for mention in named:
        before = found[-1] if found and found[-1].denied else None
        joined = before is not None and _JOINED.fullmatch(text[before.end : mention.start])
        wrong = mention is not named[-1] and (joined or _WRONG.match(text, mention.end))
        found.append(replace(mention, denied=True) if wrong else mention)
    for at in range(len(found) - 2, -1, -1):  # "the district's street, no": both
        mention, after = found[at], found[at + 1]
        if after.denied and after is not found[-1] and not text[mention.end : after.start]:
            found[at] = replace(mention, denied=mention.denied or not _denied_itself(text, after))
    return found


def _denied_itself(text: str, mention: Mention) -> bool:
    """Whether a denial stands before ``mention``, and not behind it."""
    return bool(_DENIED.search(text[max(0, mention.start - 6) : mention.start]))


def within(text: str, named: list[Mention]) -> list[Mention]:
    """``named`` without what lies in another city named right before it."""
    kept: list[Mention] = []
    for mention in named:
        before = kept[-1] if kept else None
        away = before is not None and before.place is not None and bool(before.place.city)
        joined = before is not None and _OF.fullmatch(text[before.end : mention.start])
        spot = mention.ambiguity or (mention.place and mention.place.kind in _SPOTS)
        if not (away and joined and spot):
            kept.append(mention)
    return kept


def _mention_at(text: str, at: int, gazetteer: Gazetteer) -> Mention | None:
    for length in gazetteer.lengths.get(text[at], ()):
        name = text[at : at + length]
        place = gazetteer.places.get(name)
        ambiguity = gazetteer.ambiguous.get(name)
        if len(name) < length or (place is None and ambiguity is None):
            continue
        after = text[at + length : at + length + 4]
        if place and place.city and (_NO_CITY.match(after) or _cuts(text, at, length, gazetteer)):
            continue
        denied = bool(_DENIED.search(text[max(0, at - 6) : at]))
        return Mention(at, at + length, name, place, ambiguity, denied)
    return None


def _cuts(text: str, at: int, length: int, gazetteer: Gazetteer) -> bool:
    """Whether a name of this city begins inside that of another one and ends beyond it."""
    inner = (_mention_at(text, start, gazetteer) for start in range(at + 1, at + length))
    return any(m and m.end > at + length and not (m.place and m.place.city) for m in inner)


def _barred(text: str, words: tuple[str, ...]) -> dict[int, int]:
    """Positions inside compounds that only look like a name, and where a name must end beyond: one
    that begins with the compound may go on, one within it is none."""
    barred: dict[int, int] = {}
    for word in words:
        at = text.find(word)
        while at >= 0:
            barred |= dict.fromkeys(range(at + 1, at + len(word)), len(text))
            barred.setdefault(at, at + len(word))
            at = text.find(word, at + 1)
    return barred
