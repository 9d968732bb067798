"""An utterance made readable: width, script, Cantonese, fillers, places and numbers folded.

``said`` stays as the caller's words (only cleaned), for addresses, names and the ticket;
``plain`` is what the classifiers read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import opencc
import yaml

from bot.rules.address import locate
from bot.rules.gazetteer import mentions
from knowledge_base.districts import districts

LEXICON = Path(__file__).resolve().parent.parent / "lexicon"
LONGEST = 2000  # characters read; a longer text is cut
PLACE = "〒"
_FOLDED_KINDS = frozenset(
    {"district", "street", "area", "metro", "road", "estate", "village", "city"}
)
# "someone" says nothing of what is done
_SOMEONE = re.compile(r"有(?:个|一个|几个|些)?人(?!吗|呀|啊|在吗|$)")
_PLACES = re.compile(rf"{PLACE}(?:[的那个在,, ]{{0,2}}{PLACE})+")
_SPACE = re.compile(r"\s+")
_BETWEEN = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")
_LONG_NUMBER = re.compile(r"\d[\d\s-]{5,}\d|[零〇洞一幺二两三四五六七八九\d,, -]{9,}")
_CLAUSE = re.compile(r"[,,。;；!?！？]")
# a clause that only tells who calls, or how to reach them
_CONTACT = re.compile(
    r"^(?:我|我的|本人|你)?(?:的)?(?:(?:联系)?(?:电话|手机|号码|座机|联系方式)(?:号码?)?(?:是|为|系)?☎.{0,4}"
    r"|☎|(?:打|联系)(?:我|我老婆|我老公|我儿子|我女儿)?(?:的)?(?:电话|手机)?☎"
    r"|(?:我?姓|免贵姓|我叫|叫我|我是)[一-鿿]{1,3}(?:先生|女士|小姐)?|[耳草木弓双口立三古言].{1,2})$"
)
# a number plate, a bus line, a serial number: they tell one thing from another, not what happened
_CODE = re.compile(
    r"(?:[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼](?=[a-z]))?[a-z]{1,3}\d[a-z\d]*"
)
_NUMBER = re.compile(r"\d[\d\s-]{5,}\d|[零〇洞一幺二两三四五六七八九\d,, -]{9,}")
_CLAUSE = re.compile(r"[,,。;；!?！？]")
# a clause that only tells who calls, or how to reach them
_CONTACT = re.compile(
    r"^(?:我|我的|本人|你)?(?:的)?(?:(?:联系)?(?:电话|手机|号码|座机|联系方式)(?:号码?)?(?:是|为|系)?☎.{0,4}"
    r"|☎|(?:打|联系)(?:我|我老婆|我老公|我儿子|我女儿)?(?:的)?(?:电话|手机)?☎"
    r"|(?:我?姓|免贵姓|我叫|叫我|我是)[一-鿿]{1,3}(?:先生|女士|小姐)?|[耳草木弓双口立三古言].{1,2})$"
)
# a number plate, a bus line, a serial number: they tell one thing from another, not what happened
_CODE = re.compile(
    r"(?:[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼](?=[a-z]))?[a-z]{1,3}\d[a-z\d]*"
)
_NUMBER = re.compile(r"\d+")
_REPEATED = re.compile(r"(.)\1{3,}")
_PHRASE_REPEATED = re.compile(r"(.{2,12}?)\1{2,}")


@dataclass(frozen=True)
class Text:
    """``said``: cleaned, simplified. ``mandarin``: Cantonese read as Mandarin, fillers dropped.
    ``plain``: that, with places and numbers folded into signs."""

    said: str
    mandarin: str
    plain: str


def clean(text: str) -> str:
    """Full width, control characters, traditional script and runs of spaces made plain."""
    text = unicodedata.normalize("NFKC", text[:LONGEST])
    text = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    text = _to_simplified().convert(_SPACE.sub(" ", text).strip()).translate(_kept())
    return _BETWEEN.sub("", text)


def read(text: str, mend: Callable[[str], str] = str) -> Text:
    """``text`` in its three forms. Any text has them; an empty one gives three empty ones.

    ``mend`` writes words right that only sound right; what was said stays as it was.
    """
    said = clean(text)
    mandarin = _drop_fillers(mend(_cantonese().sub(_as_mandarin, said.lower())))
    return Text(said, mandarin, fold(mandarin))


def fold(text: str) -> str:
    """Places and numbers as one sign each, so that they do not sway the classifiers."""
    gazetteer = districts()
    pieces = []
    at = 0
    address = locate(text, gazetteer).address
    if address and len(address) > 3:
        text = text.replace(address, PLACE)
    for mention in mentions(text, gazetteer):
        if mention.place is None or mention.place.kind in _FOLDED_KINDS:
            pieces += [text[at : mention.start], PLACE]
            at = mention.end
    folded = _PLACES.sub(PLACE, "".join(pieces) + text[at:])
    folded = _PHRASE_REPEATED.sub(r"\1", _REPEATED.sub(r"\1\1", folded))
    folded = _SOMEONE.sub("", folded)
    folded = _CODE.sub("#", _LONG_NUMBER.sub("☎", folded))
    clauses = _CLAUSE.split(folded)
    matters = [c for c in clauses if c and not _beside(c.strip())]
    if matters and len(matters) < len(clauses) and len("".join(matters)) > 3:
        folded = ",".join(matters)
    return _NUMBER.sub("#", folded)


def _beside(clause: str) -> bool:
    """Whether a clause only tells who calls, how to reach them, when it was, or for secrecy."""
    return bool(_CONTACT.match(clause) or _aside().fullmatch(clause))


@cache
def _aside() -> re.Pattern[str]:
    table = yaml.load((LEXICON / "spoken.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    return re.compile("|".join(table["aside"]))


def _drop_fillers(text: str) -> str:
    anywhere, front = _fillers()
    text = anywhere.sub("", text)
    rest = front.sub("", text)
    return rest if len(rest) >= 2 else text


def _as_mandarin(match: re.Match[str]) -> str:
    return _cantonese_table()[match.group()]


@cache
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _kept() -> dict[int, str]:
    """Cantonese characters that the conversion would write in a rarer way, back again."""
    letters = {letter for word in _cantonese_table() for letter in word}
    converted = {letter: _to_simplified().convert(letter) for letter in letters}
    return {
        ord(rare): letter
        for letter, rare in converted.items()
        if rare != letter and len(rare) == 1 and ord(rare) > 0xFFFF
    }


@cache
def _cantonese_table() -> dict[str, str]:
    path = LEXICON / "cantonese.yml"
    table: dict[str, str] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return table


@cache
def _cantonese() -> re.Pattern[str]:
    words = sorted(_cantonese_table(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


@cache
def _fillers() -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = yaml.load((LEXICON / "fillers.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    anywhere = sorted(table["anywhere"], key=len, reverse=True)
    front = sorted(table["front"], key=len, reverse=True)
    start = "|".join(map(re.escape, front))
    return (
        re.compile("|".join(map(re.escape, anywhere))),
        re.compile(rf"^(?:(?:{start})[,,。.!?、~… ]*)+"),
    )
