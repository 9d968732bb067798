"""The linear model: probabilities, and the way to disk and back."""

from pathlib import Path

import numpy as np

from nlu.understanding.model import Model, Vocabulary


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    vocabulary = Vocabulary({"a": 0, "b": 1}, np.array([1.0, 2.0], dtype=np.float32))
    model = Model(
        ("x", "y"),
        np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32),
        np.zeros(2, dtype=np.float32),
        4.0,
    )
    vocabulary.save(tmp_path)
    model.save(tmp_path, "intent")
    vocabulary, model = Vocabulary.load(tmp_path), Model.load(tmp_path, "intent")
    ids, values = vocabulary.vector(["b", "never seen"])
    assert ids.tolist() == [1]
    probabilities = model.probabilities(ids, values)
    assert model.labels[int(probabilities.argmax())] == "y"
    assert abs(float(probabilities.sum()) - 1.0) < 1e-6


def test_an_empty_vector_gives_the_bias(tmp_path: Path) -> None:
    vocabulary = Vocabulary({"a": 0}, np.ones(1, dtype=np.float32))
    ids, values = vocabulary.vector([])
    assert ids.tolist() == []
    model = Model(("x", "y"), np.ones((1, 2), dtype=np.float32), np.array([0.0, 1.0]), 1.0)
    assert model.probabilities(ids, values).argmax() == 1
