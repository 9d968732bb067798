"""A linear model over named features: weights, labels, and a softmax. Saved as npz and json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlu.understanding.network import Array, Ids, softmax


@dataclass(frozen=True)
class Model:
    """One-versus-rest weights (features x labels); ``sharpness`` scales scores before softmax."""

    labels: tuple[str, ...]
    weights: Array
    bias: Array
    sharpness: float

    def probabilities(self, ids: Ids, values: Array) -> Array:
        """Probability of each label for a vector of the vocabulary."""
        scores = values @ self.weights[ids].astype(np.float32) + self.bias
        return softmax(scores * self.sharpness)

    def by_label(self, ids: Ids, values: Array) -> dict[str, float]:
        """The same, by label."""
        return dict(zip(self.labels, self.probabilities(ids, values).tolist(), strict=True))

    def save(self, folder: Path, name: str) -> None:
        """Write to ``folder`` under ``name``; weights in half precision."""
        head = {"labels": list(self.labels), "sharpness": self.sharpness}
        (folder / f"{name}.json").write_text(json.dumps(head, ensure_ascii=False), "utf-8")
        np.savez_compressed(
            folder / f"{name}.npz", weights=self.weights.astype(np.float16), bias=self.bias
        )

    @classmethod
    def load(cls, folder: Path, name: str) -> Model:
        """Read what ``save`` wrote."""
        head = json.loads((folder / f"{name}.json").read_text("utf-8"))
        with np.load(folder / f"{name}.npz") as stored:
            weights, bias = stored["weights"], stored["bias"]
        return cls(tuple(head["labels"]), weights, bias, float(head["sharpness"]))
