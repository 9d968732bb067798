"""The features that are known, by index. Saved as json and npz."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlu.understanding.network import Array, Ids


@dataclass(frozen=True)
class Vocabulary:
    """Features by index with their inverse document frequencies."""

    index: dict[str, int]
    idf: Array

    def vector(self, found: Sequence[str]) -> tuple[Ids, Array]:
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
