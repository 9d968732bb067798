"""A network learns what its examples have in common, and leaves what is not told alone."""

import numpy as np
from scipy.sparse import csr_matrix

from nlu.understanding.learning import Question, learn
from nlu.understanding.network import Network

COLOURS, SHAPES = ("red", "blue"), ("round", "square", "long")


def examples(number: int = 400) -> tuple[csr_matrix, list[str], list[str | None]]:
    """Ten features for each colour and each shape, four of them in an example; the shape of every
    second example is not told."""
    chance = np.random.default_rng(7)
    rows, colours, shapes = np.zeros((number, 50), dtype=np.float32), [], []
    for row in range(number):
        colour, shape = chance.integers(2), chance.integers(3)
        rows[row, colour * 10 + chance.choice(10, 4, replace=False)] = 0.35
        rows[row, 20 + shape * 10 + chance.choice(10, 4, replace=False)] = 0.35
        colours.append(COLOURS[colour])
        shapes.append(SHAPES[shape] if row % 2 else None)
    return csr_matrix(rows), colours, shapes


def answered(network: Network, name: str, *features: int) -> str:
    ids = np.array(features, dtype=np.int64)
    units = network.units(ids, np.full(len(features), 0.35, dtype=np.float32))
    told = network.heads[name].by_label(units)
    return max(told, key=lambda label: told[label])


def test_each_question_is_answered_from_the_features_that_tell() -> None:
    matrix, colours, shapes = examples()
    network = learn(matrix, [Question("colour", colours), Question("shape", shapes)])
    assert answered(network, "colour", 1, 2, 23, 24) == "red"
    assert answered(network, "colour", 11, 12, 23, 24) == "blue"
    assert answered(network, "shape", 1, 2, 23, 24) == "round"
    assert answered(network, "shape", 1, 2, 43, 44) == "long"


def test_the_same_rows_give_the_same_network() -> None:
    matrix, colours, _ = examples(100)
    first, second = (learn(matrix, [Question("colour", colours)]) for _ in range(2))
    assert (first.sums == second.sums).all()
    assert (first.heads["colour"].weights == second.heads["colour"].weights).all()
    assert not matrix.data.max() > 0.36  # what is hidden is hidden in a copy
