"""Words that speak for a decision: plain short sentences, and another body's matters."""

from __future__ import annotations

import re
from functools import cache

import yaml

from nlu.understanding.text import LEXICON

_MARKS = re.compile(r"[\W_]+")
LONGEST_TALK = 24  # characters up to which a sentence may be plain talk
FOR, AGAINST, NEITHER = 12.0, 0.3, 0.3


def talk(mandarin: str) -> str | None:
    """The intent of a short sentence whose meaning is plain, or None."""
    bare = _MARKS.sub("", mandarin)
    if not bare or len(bare) > LONGEST_TALK:
        return None
    return next((intent for intent, pattern in _talk() if pattern.fullmatch(bare)), None)


def weigh(mandarin: str, intents: dict[str, float]) -> tuple[dict[str, float], dict[str, str]]:
    """The probabilities with those of other bodies' matters weighed by the words for and against.

    Also the words that spoke for each. The sum stays one.
    """
    words: dict[str, str] = {}
    weighed = dict(intents)
    for intent, (speaks_for, against) in _reasons().items():
        match = speaks_for.search(mandarin)
        opposed = against.search(mandarin)
        factor = NEITHER if not match else AGAINST if opposed else FOR
        weighed[intent] = weighed.get(intent, 0.0) * factor
        if match and not opposed:
            words[intent] = match.group()
    total = sum(weighed.values()) or 1.0
    return {intent: p / total for intent, p in weighed.items()}, words


@cache
def _talk() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = yaml.load((LEXICON / "talk.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    return tuple((intent, re.compile(pattern)) for intent, pattern in table.items())


@cache
def _reasons() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    table = yaml.load((LEXICON / "reasons.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    return {
        intent: (re.compile(row["for"]), re.compile(row["against"]))
        for intent, row in table.items()
    }
