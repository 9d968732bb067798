"""The linear model: probabilities, and the way to disk and back."""

from pathlib import Path

import numpy as np

from nlu.understanding.model import Model

IDS = np.array([1], dtype=np.int64)


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    weights = np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32)
    Model(("x", "y"), weights, np.zeros(2, dtype=np.float32), 4.0).save(tmp_path, "intent")
    model = Model.load(tmp_path, "intent")
    probabilities = model.probabilities(IDS, np.ones(1, dtype=np.float32))
    assert model.labels[int(probabilities.argmax())] == "y"
    assert abs(float(probabilities.sum()) - 1.0) < 1e-6


def test_an_empty_vector_gives_the_bias() -> None:
    model = Model(("x", "y"), np.ones((1, 2), dtype=np.float32), np.array([0.0, 1.0]), 1.0)
    nothing = np.array([], dtype=np.float32)
    assert model.probabilities(IDS[:0], nothing).argmax() == 1
