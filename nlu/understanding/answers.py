"""Answers to what the dialogue has just asked, where the words alone would be read otherwise."""

from __future__ import annotations

from bot.rules.address import Location
from nlu.understanding.text import Text
from nlu.understanding.understanding import scope_of

ALONE = 6  # characters up to which an answer may be a bare fact
_OTHER_THINGS = frozenset(
    {"consult", "withdraw", "ask_status", "urge", "dissatisfied", "goodbye", "ask_machine"}
)  # said instead of an answer
_ANSWERS = frozenset({"affirm", "deny", "skip", "ask_human", "repeat", "wait", "slower", "louder"})


def answer_to(
    text: Text, intent: str, confidence: float, location: Location, expected: str | None
) -> tuple[str, float] | None:
    """The intent, and how sure, of an answer to what was ``expected``; None where the words alone
    tell what is meant."""
    if expected in (None, "what", "confirm", "confidential"):
        return None
    if intent in _ANSWERS and confidence > 0.3:
        return None
    if expected == "attribute":
        return "inform", max(confidence, 0.8)
    short = len(text.said) <= ALONE
    if expected == "where" and location.address and scope_of(intent) != "out":
        return "inform" if intent != "correct" else intent, max(confidence, 0.8)
    if confidence > 0.7 and intent in _OTHER_THINGS:
        return None
    if short and scope_of(intent) != "out" and intent not in ("done", "confidential", "correct"):
        return "inform", max(confidence, 0.6)
    return None
