"""质检 by rules: what every conversation is looked at for, after it. Pure.

Politeness, reading back, promises, silence, speed, speaking over the caller, words of the machine
over a person's, and the ticket against what was said. A finding is a reason for a person to look,
not a verdict.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.rules.assist import Ear, hints

SILENCE_SECONDS = 90.0
OPENING_TURNS = 2

# 240 to 300 characters a minute is how announcers read; what is said in a breath is not judged
SLOW, FAST = 2.0, 5.5  # characters in a second of voice
JUDGED_CHARACTERS, JUDGED_SECONDS = 12, 2.0
OVER_SECONDS = 1.0


@dataclass(frozen=True)
class Said:
    """A turn: its number, ``caller``, ``bot`` or ``agent``, the words, when."""

    seq: int
    speaker: str
    text: str
    at: datetime
    seconds: float = 0.0  # of voice, where it was spoken
    over_seconds: float = 0.0  # of that, over a caller who was speaking


@dataclass(frozen=True)
class Manners:
    """Expressions that are looked for in an agent's words, from data."""

    rude: re.Pattern[str]
    greeting: re.Pattern[str]
    farewell: re.Pattern[str]
    read_back: re.Pattern[str]
    promise: re.Pattern[str]


@dataclass(frozen=True)
class Finding:
    """``rule`` that something was found by, the turn it was found in (0: the whole), evidence."""

    rule: str
    seq: int = 0
    evidence: str = ""


def inspect(
    turns: Sequence[Said],
    tickets: Sequence[Mapping[str, Any]],
    accepted_at: datetime | None,
    manners: Manners,
    ear: Ear,
) -> list[Finding]:
    """What there is to look at. ``tickets``: drafts of the tickets that came of it."""
    ours = [turn for turn in turns if turn.speaker == "agent"]
    found: list[Finding] = []
    for turn in ours:
        for rule, pattern in (("rude", manners.rude), ("promise", manners.promise)):
            match = pattern.search(turn.text)
            if match:
                found.append(Finding(rule, turn.seq, match[0]))
    if ours:
        found += _politeness(ours, manners)
        found += _silences(turns, accepted_at)
        found += [finding for turn in ours for finding in _voice(turn)]
        if tickets and not any(manners.read_back.search(turn.text) for turn in ours):
            found.append(Finding("no_read_back"))
    if accepted_at is not None:
        found += [
            Finding("machine_after_acceptance", turn.seq, turn.text[:40])
            for turn in turns
            if turn.speaker == "bot" and ours and accepted_at < turn.at < ours[-1].at
        ]
    said = [turn.text for turn in turns if turn.speaker == "caller"]
    for draft in tickets:
        found += [
            Finding(hint.kind, 0, f"{hint.field}:{hint.value}") for hint in hints(said, draft, ear)
        ]
    return found


def _politeness(ours: Sequence[Said], manners: Manners) -> list[Finding]:
    found = []
    if not any(manners.greeting.search(turn.text) for turn in ours[:OPENING_TURNS]):
        found.append(Finding("no_greeting", ours[0].seq))
    if not any(manners.farewell.search(turn.text) for turn in ours[-OPENING_TURNS:]):
        found.append(Finding("no_farewell", ours[-1].seq))
    return found


def _voice(turn: Said) -> list[Finding]:
    """How it was spoken: too fast, too slowly, over the caller."""
    found = []
    characters = sum(character.isalnum() for character in turn.text)
    if turn.seconds >= JUDGED_SECONDS and characters >= JUDGED_CHARACTERS:
        speed = characters / turn.seconds
        if not SLOW <= speed <= FAST:
            rule = "too_fast" if speed > FAST else "too_slow"
            found.append(Finding(rule, turn.seq, f"{speed * 60:.0f}/min"))
    if turn.over_seconds >= OVER_SECONDS:
        found.append(Finding("over_talk", turn.seq, f"{turn.over_seconds:.1f} s"))
    return found


def _silences(turns: Sequence[Said], accepted_at: datetime | None) -> list[Finding]:
    """Callers who waited for a word of the agent they had."""
    found = []
    waiting: Said | None = None
    for turn in turns:
        if accepted_at is None or turn.at < accepted_at:
            continue
        if turn.speaker == "caller":
            waiting = waiting or turn
        elif waiting is not None:
            seconds = (turn.at - waiting.at).total_seconds()
            if seconds > SILENCE_SECONDS:
                found.append(Finding("silence", waiting.seq, f"{seconds:.0f} s"))
            waiting = None
    return found
