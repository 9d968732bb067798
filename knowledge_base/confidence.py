"""How sure the search may be that its first entry answers the question. Pure.

A logistic model of the ``Evidence``. Its weights and the two thresholds are data
(``confidence.yml``), fitted by ``./hotline kb calibrate`` to the questions in ``calibration/``.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from knowledge_base.evidence import FEATURES, Evidence


@dataclass(frozen=True)
class Confidence:
    """``answered``: from here on the first entry is the answer. ``close``: worth offering."""

    weights: Mapping[str, float]
    bias: float
    answered: float
    close: float

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> "Confidence":
        """The model that ``confidence.yml`` holds. KeyError: it lacks something."""
        weights = {name: float(table["weights"][name]) for name in FEATURES}
        return cls(weights, float(table["bias"]), float(table["answered"]), float(table["close"]))

    def __call__(self, evidence: Evidence) -> float:
        """The chance, 0..1, that the first entry is right."""
        total = sum(weight * getattr(evidence, name) for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, total + self.bias))))
