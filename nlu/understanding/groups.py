"""Danger, our matters, another body's, talk: a model that tells only these, beside the intents'.

Told apart directly they are told better than by the sum of the intents in them.
"""

from __future__ import annotations

from collections.abc import Mapping

from nlu.understanding.understanding import DANGERS, scope_of

LEAST = 1e-6


def group_of(intent: str) -> str:
    """danger, in, out (the others), social, unclear."""
    return "danger" if intent in (*DANGERS, "crisis") else scope_of(intent)


def blended(intents: Mapping[str, float], groups: Mapping[str, float]) -> dict[str, float]:
    """``intents`` with the probability of each group midway between what both models say."""
    sums: dict[str, float] = {}
    for intent, probability in intents.items():
        group = group_of(intent)
        sums[group] = sums.get(group, 0.0) + probability
    share = {g: (s + groups[g]) / 2 / max(s, LEAST) for g, s in sums.items()}
    return {intent: p * share[group_of(intent)] for intent, p in intents.items()}
