"""The network: what features add up to, what the heads make of it, the way to disk and back."""

from pathlib import Path

import numpy as np
import pytest

from nlu.understanding.network import Head, Network, softmax


def network() -> Network:
    head = Head(("x", "y"), np.eye(2, dtype=np.float32), np.array([0.0, 1.0], dtype=np.float32))
    sums = np.array([[4.0, 0.0], [0.0, 4.0], [-4.0, 0.0]], dtype=np.float32)
    return Network(sums, np.zeros(2, dtype=np.float32), {"letter": head})


def told(made: Network, *ids: int) -> dict[str, float]:
    values = np.ones(len(ids), dtype=np.float32)
    return made.heads["letter"].by_label(made.units(np.array(ids, dtype=np.int64), values))


def test_features_add_up_and_what_is_below_nothing_is_nothing() -> None:
    made = network()
    assert made.units(np.array([0, 1, 1]), np.ones(3, dtype=np.float32)).tolist() == [4.0, 8.0]
    assert made.units(np.array([2]), np.ones(1, dtype=np.float32)).tolist() == [0.0, 0.0]
    assert told(made, 0)["x"] > 0.9
    assert told(made, 1)["y"] > 0.9
    assert sum(told(made, 0, 1).values()) == pytest.approx(1.0)


def test_without_features_the_bias_decides() -> None:
    assert told(network())["y"] == pytest.approx(np.e / (1 + np.e))


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    network().save(tmp_path)
    loaded = Network.load(tmp_path)
    assert told(loaded, 0) == pytest.approx(told(network(), 0))


def test_softmax_of_large_scores_is_finite() -> None:
    rows = softmax(np.array([[1000.0, 0.0], [0.0, 0.0]], dtype=np.float32))
    assert rows.tolist() == [[1.0, 0.0], [0.5, 0.5]]
