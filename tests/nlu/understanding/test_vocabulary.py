"""The vocabulary: vectors, and the way to disk and back."""

from pathlib import Path

import numpy as np
import pytest

from nlu.understanding.vocabulary import Vocabulary


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    Vocabulary({"a": 0, "b": 1}, np.array([3.0, 4.0], dtype=np.float32)).save(tmp_path)
    ids, values = Vocabulary.load(tmp_path).vector(["b", "never seen", "a"])
    assert ids.tolist() == [1, 0]
    assert values.tolist() == pytest.approx([0.8, 0.6])


def test_nothing_known_is_an_empty_vector() -> None:
    ids, values = Vocabulary({"a": 0}, np.ones(1, dtype=np.float32)).vector(["b"])
    assert (ids.tolist(), values.tolist()) == ([], [])
