"""Short sentences whose meaning is plain, by their words alone."""

from __future__ import annotations

import re
from functools import cache

import yaml

from nlu.understanding.text import LEXICON

_MARKS = re.compile(r"[\W_]+")
VERDICTS = frozenset({"helpful", "unhelpful"})  # of the answer that was given
LONGEST_TALK = 24  # characters up to which a sentence may be plain talk


def talk(mandarin: str, *, answering: bool = False) -> str | None:
    """The intent of a short sentence whose meaning is plain, or None.

    ``answering``: something was asked, so no word of thanks or blame for an answer is meant.
    """
    bare = _MARKS.sub("", mandarin)
    if not bare or len(bare) > LONGEST_TALK:
        return None
    found = (intent for intent, pattern in _talk() if pattern.fullmatch(bare))
    return next((intent for intent in found if not (answering and intent in VERDICTS)), None)


@cache
def _talk() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = yaml.load((LEXICON / "talk.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    return tuple((intent, re.compile(pattern)) for intent, pattern in table.items())
