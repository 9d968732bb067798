"""Linear models and network together."""

import numpy as np
import pytest

from nlu.understanding.model import Model
from nlu.understanding.models import Models
from nlu.understanding.network import Head, Network
from nlu.understanding.vocabulary import Vocabulary


def linear(*labels: str) -> Model:
    """Sure of its first label."""
    bias = np.array([9.0] + [0.0] * (len(labels) - 1), dtype=np.float32)
    return Model(labels, np.zeros((1, len(labels)), dtype=np.float32), bias, 1.0)


def head(*labels: str) -> Head:
    """Sure of its last label."""
    bias = np.array([0.0] * (len(labels) - 1) + [9.0], dtype=np.float32)
    return Head(labels, np.zeros((1, len(labels)), dtype=np.float32), bias)


@pytest.fixture
def models() -> Models:
    intents, doors = ("complain", "fire"), ("court", "police")
    return Models(
        Vocabulary({"a": 0}, np.ones(1, dtype=np.float32)),
        {"intent": linear(*intents), "group": linear("in", "danger"), "referral": linear(*doors)},
        Network(
            np.zeros((1, 1), dtype=np.float32),
            np.zeros(1, dtype=np.float32),
            {"intent": head(*intents), "referral": head(*doors)},
        ),
    )


def test_a_probability_lies_midway(models: Models) -> None:
    told = models.told(["a", "never seen"])
    assert told.known == 1
    assert told.intents() == pytest.approx({"complain": 0.5, "fire": 0.5}, abs=0.001)
    assert told.of("referral") == pytest.approx({"court": 0.5, "police": 0.5}, abs=0.001)


def test_the_groups_weigh_with_the_linear_model_of_intents(models: Models) -> None:
    models.linear = models.linear | {"group": linear("danger", "in")}
    told = models.told(["a"])
    assert told.intents()["fire"] == pytest.approx(0.75, abs=0.01)
