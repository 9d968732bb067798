"""A second opinion from the written examples that lie nearest, by a sentence encoder.

Off unless ``HOTLINE_OPINION_ENCODER`` names an encoder's folder. Nothing leaves the machine. It is
asked as the language model is (``opinion.py``): about what the models are unsure of, and it may
add a danger and never takes one away. The nearest examples vote, the nearer the heavier; where
they do not agree there is no opinion.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np

from bot.rules.errors import Unavailable
from knowledge_base.vectors import Vectors
from nlu.understanding.decision import Decision
from nlu.understanding.examples import Example
from nlu.understanding.opinion import LABELS, is_unsure, opined
from nlu.understanding.text import Text

NEAREST = 15  # examples that vote
AGREED = 0.6  # of their weight must be of one label
logger = logging.getLogger(__name__)


class Neighbours:
    """The examples with their vectors. Made once, then asked by any number of threads."""

    def __init__(self, vectors: Vectors, examples: Sequence[Example]) -> None:
        self._vectors = vectors
        self._labels = [example.intent for example in examples]
        self._rows = vectors.phrases([example.text for example in examples])

    def __call__(self, text: Text, decision: Decision) -> Decision:
        """The decision, or another where this one is unsure and the nearest examples differ."""
        if not is_unsure(decision):
            return decision
        return opined(self._label(text.said), decision, "nearest examples")

    def _label(self, said: str) -> str | None:
        """What the nearest examples agree on; None where they do not, or on no label."""
        try:
            alike = self._rows @ self._vectors.question(said)
        except Unavailable as error:
            logger.warning("the second opinion did not come: %s", error)
            return None
        count = min(NEAREST, len(alike))
        nearest = np.argpartition(-alike, count - 1)[:count]
        # encoders differ in how alike any two sentences are: counted from there on
        heavy = np.maximum(alike[nearest] - alike.mean(), 0) ** 2
        votes: dict[str, float] = {}
        for number, weight in zip(nearest.tolist(), heavy.tolist(), strict=True):
            votes[self._labels[number]] = votes.get(self._labels[number], 0.0) + weight
        best = max(votes, key=lambda label: votes[label])
        agreed = votes[best] > 0 and votes[best] >= AGREED * sum(votes.values())
        return best if agreed and best in LABELS else None
