"""技能组 of a handoff: which queue a caller's words belong in. Pure.

国办函〔2025〕66号 asks for seats for dialects and for enterprises; a caller who does not speak
Mandarin, or calls for a company, is offered to those first who can help.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.rules.handoff import Reason, Skill

_LATIN = re.compile(r"[A-Za-z]{2,}")
_SENTENCE = re.compile(r"[A-Za-z0-9\s.,?!'\u2019\":;()/-]+")
_HAN = re.compile(r"[一-鿿]")
WORDS_OF_ENGLISH = 3


@dataclass(frozen=True)
class Tongues:
    """Expressions by which a tongue or a company's matter is known, from data."""

    cantonese: re.Pattern[str]
    english: re.Pattern[str]
    enterprise: re.Pattern[str]
    least: int = 2  # expressions of Cantonese before it counts as such


def skill_for(reason: Reason, said: str, tongues: Tongues) -> Skill:
    """The queue: crisis before all, then the tongue, then the matter."""
    if reason in (Reason.CRISIS, Reason.EMERGENCY):
        return Skill.CRISIS
    if len(_LATIN.findall(said)) >= WORDS_OF_ENGLISH and len(_HAN.findall(said)) < 4:
        return Skill.ENGLISH
    if tongues.english.search(said):
        return Skill.ENGLISH
    if len(set(tongues.cantonese.findall(said))) >= tongues.least:
        return Skill.CANTONESE
    if reason is Reason.ENTERPRISE or tongues.enterprise.search(said):
        return Skill.ENTERPRISE
    return Skill.MANDARIN


def in_english(said: str) -> bool:
    """Whether the caller speaks English alone: a sentence of three different words or more, and no
    other script, markup or code."""
    words = {word.lower() for word in _LATIN.findall(said)}
    return len(words) >= WORDS_OF_ENGLISH and _SENTENCE.fullmatch(said) is not None
