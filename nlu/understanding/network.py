"""A small network over named features: what they add up to, and a head for each question.

The heads share the sums, so that what is learnt for one question serves the others. Saved as npz
and json.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Head:
    """The labels of one question, and what each unit says of them (units x labels)."""

    labels: tuple[str, ...]
    weights: Array
    bias: Array

    def probabilities(self, units: Array) -> Array:
        """Of each label, for units or rows of them."""
        return softmax(units @ self.weights + self.bias)

    def by_label(self, units: Array) -> dict[str, float]:
        """The same, by label."""
        return dict(zip(self.labels, self.probabilities(units).tolist(), strict=True))


@dataclass(frozen=True)
class Network:
    """What each feature adds to the units (features x units), and the heads over these."""

    sums: Array
    bias: Array
    heads: Mapping[str, Head]

    def units(self, ids: Ids, values: Array) -> Array:
        """The units for a vector of the vocabulary."""
        added = values @ self.sums[ids].astype(np.float32) + self.bias
        return np.asarray(np.maximum(added, 0.0), dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write to ``folder``; the sums in half precision."""
        labels = {name: list(head.labels) for name, head in self.heads.items()}
        (folder / "network.json").write_text(json.dumps(labels, ensure_ascii=False), "utf-8")
        arrays: dict[str, Any] = {"sums": self.sums.astype(np.float16), "bias": self.bias}
        for name, head in self.heads.items():
            arrays |= {f"{name}.weights": head.weights, f"{name}.bias": head.bias}
        np.savez_compressed(folder / "network.npz", **arrays)

    @classmethod
    def load(cls, folder: Path) -> Network:
        """Read what ``save`` wrote."""
        labels = json.loads((folder / "network.json").read_text("utf-8"))
        with np.load(folder / "network.npz") as stored:
            heads = {
                name: Head(tuple(told), stored[f"{name}.weights"], stored[f"{name}.bias"])
                for name, told in labels.items()
            }
            return cls(stored["sums"], stored["bias"], heads)


def softmax(scores: Array) -> Array:
    """Probabilities from scores, along the last axis."""
    exp = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(exp / exp.sum(axis=-1, keepdims=True), dtype=np.float32)
