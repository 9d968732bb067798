"""What stays undecided: two intents of ours that tie, and what the police and we may both take."""

from __future__ import annotations

from collections.abc import Mapping

from nlu.understanding.text import Text
from nlu.understanding.understanding import IN

OFFERED = ("consult", "complain", "suggest")
TIE = 0.85  # the second has so much of the first's probability
TOGETHER = 0.6  # and both together at least this
SHORTEST = 5  # characters of a text that is worth asking about
SHARED = 0.5


def choices(intents: Mapping[str, float], text: Text) -> tuple[str, ...]:
    """The two kinds of matter that tie, the likelier first; empty where one is meant."""
    first, second = sorted(OFFERED, key=lambda i: -intents.get(i, 0.0))[:2]
    one, other = intents.get(first, 0.0), intents.get(second, 0.0)
    tie = other > TIE * one and one + other > TOGETHER
    return (first, second) if tie and len(text.plain) >= SHORTEST else ()


def shared(intent: str, intents: Mapping[str, float]) -> bool:
    """Whether it is unclear if a matter is the police's or the hotline's: who is asked first takes
    it (国办发〔2022〕12号, on 12345 and 110)."""
    if intent != "police" and intent not in IN:
        return False
    police, ours = intents.get("police", 0.0), sum(intents.get(i, 0.0) for i in IN)
    return police + ours > TOGETHER and min(police, ours) > SHARED * max(police, ours)
