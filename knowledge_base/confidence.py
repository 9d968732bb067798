"""How sure the search may be that its first entry answers the question. Pure.

A logistic model of the ``Evidence``. Its weights and the two thresholds are data
(``confidence.yml``), fitted by ``./hotline kb calibrate`` to the questions in ``calibration/``. A
sentence encoder has a model of its own (``--encoder``), which weighs its nearness too.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from knowledge_base.evidence import BY_ENCODER, FEATURES, Evidence


@dataclass(frozen=True)
class Confidence:
    """``answered``: from here on the first entry is the answer. ``close``: worth offering.

    ``share``: what the encoder's nearness counts in the search; None in a model without encoder.
    """

    weights: Mapping[str, float]
    bias: float
    answered: float
    close: float
    share: float | None = None

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> "Confidence":
        """The model that ``confidence.yml`` holds. KeyError: it lacks something."""
        share = None if table.get("share") is None else float(table["share"])
        names = FEATURES if share is None else (*FEATURES, *BY_ENCODER)
        weights = {name: float(table["weights"][name]) for name in names}
        answered, close = float(table["answered"]), float(table["close"])
        return cls(weights, float(table["bias"]), answered, close, share)

    def __call__(self, evidence: Evidence) -> float:
        """The chance, 0..1, that the first entry is right."""
        total = sum(weight * getattr(evidence, name) for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, total + self.bias))))
