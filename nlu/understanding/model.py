"""A linear model over named features: weights, labels, and a softmax. Saved as npz and json."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Vocabulary:
    """Features by index with their inverse document frequencies."""

    index: dict[str, int]
    idf: Array

    def vector(self, found: Sequence[str]) -> tuple[npt.NDArray[np.int64], Array]:
        """Indices and unit-length weights of the features that are known."""
        ids = np.array([self.index[f] for f in found if f in self.index], dtype=np.int64)
        weights = self.idf[ids]
        length = float(np.sqrt(np.dot(weights, weights))) or 1.0
        return ids, (weights / length).astype(np.float32)

    def save(self, folder: Path) -> None:
        """Write to ``folder``."""
        names = sorted(self.index, key=self.index.__getitem__)
        (folder / "vocabulary.json").write_text(json.dumps(names, ensure_ascii=False), "utf-8")
        np.savez(folder / "vocabulary.npz", idf=self.idf)

    @classmethod
    def load(cls, folder: Path) -> Vocabulary:
        """Read what ``save`` wrote."""
        names = json.loads((folder / "vocabulary.json").read_text("utf-8"))
        with np.load(folder / "vocabulary.npz") as stored:
            idf = stored["idf"]
        return cls({name: i for i, name in enumerate(names)}, idf)


@dataclass(frozen=True)
class Model:
    """One-versus-rest weights (features x labels); ``sharpness`` scales scores before softmax."""

    labels: tuple[str, ...]
    weights: Array
    bias: Array
    sharpness: float

    def probabilities(self, ids: npt.NDArray[np.int64], values: Array) -> Array:
        """Probability of each label for a vector of the vocabulary."""
        scores = (values @ self.weights[ids].astype(np.float32) + self.bias) * self.sharpness
        exp = np.exp(scores - scores.max())
        return np.asarray(exp / exp.sum(), dtype=np.float32)

    def by_label(self, ids: npt.NDArray[np.int64], values: Array) -> dict[str, float]:
        """The same, by label."""
        return dict(zip(self.labels, self.probabilities(ids, values).tolist(), strict=True))

    def save(self, folder: Path, name: str) -> None:
        """Write to ``folder`` under ``name``; weights in half precision."""
        head = {"labels": list(self.labels), "sharpness": self.sharpness}
        (folder / f"{name}.json").write_text(json.dumps(head, ensure_ascii=False), "utf-8")
        np.savez(folder / f"{name}.npz", weights=self.weights.astype(np.float16), bias=self.bias)

    @classmethod
    def load(cls, folder: Path, name: str) -> Model:
        """Read what ``save`` wrote."""
        head = json.loads((folder / f"{name}.json").read_text("utf-8"))
        with np.load(folder / f"{name}.npz") as stored:
            weights, bias = stored["weights"], stored["bias"]
        return cls(tuple(head["labels"]), weights, bias, float(head["sharpness"]))
