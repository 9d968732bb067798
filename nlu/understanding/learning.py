"""Learn a network from a matrix of examples and their answers to several questions.

Stochastic gradient descent with Adagrad (Duchi, Hazan, Singer 2011) on the sum of the questions'
cross-entropies. Most features of an example are hidden each time it is shown (dropout, Srivastava
et al. 2014), so that no single word decides: a caller has other words than the examples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from nlu.understanding.network import Array, Head, Network, softmax

UNITS = 96
ROUNDS = 24
BATCH = 128
HIDDEN = 0.7  # share of an example's features that are hidden
RESTING = 0.3  # share of the units that are left out
RATE = 0.1  # of the features; the heads learn at a fifth of it
FIRST = 1e-4  # of Adagrad's sums of squares


@dataclass(frozen=True)
class Question:
    """A question to each example: its answer (None: not told), and how much the question counts."""

    name: str
    answers: Sequence[str | None]
    weight: float = 1.0

    @property
    def labels(self) -> tuple[str, ...]:
        """The answers there are, sorted."""
        return tuple(sorted({answer for answer in self.answers if answer is not None}))


@dataclass
class _Learnt:
    """A parameter with the sum of its squared gradients."""

    value: Array
    squares: Array

    @classmethod
    def of(cls, value: npt.NDArray[Any]) -> _Learnt:
        return cls(value.astype(np.float32), np.full(value.shape, FIRST, np.float32))

    def step(self, gradient: Array, rate: float, rows: Any = ...) -> None:
        """Down the gradient of ``rows``."""
        squares = self.squares[rows] + gradient * gradient
        self.squares[rows] = squares
        self.value[rows] -= np.float32(rate) * gradient / np.sqrt(squares)


def learn(matrix: csr_matrix, questions: Sequence[Question]) -> Network:
    """The network of ``matrix`` (examples x features) and its ``questions``.

    The same rows give the same network.
    """
    chance = np.random.default_rng(0)
    size = matrix.shape[1]
    sums = _Learnt.of(chance.standard_normal((size, UNITS)) * 0.1)
    bias = _Learnt.of(np.zeros(UNITS))
    heads = [_Asked(question, chance) for question in questions]
    matrix = matrix.astype(np.float32)
    for _ in range(ROUNDS):
        order = chance.permutation(matrix.shape[0])
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            _show(_partly_hidden(matrix[rows], chance), rows, (sums, bias), heads, chance)
    return Network(sums.value, bias.value, {head.name: head.made() for head in heads})


def _show(
    shown: tuple[csr_matrix, npt.NDArray[np.int64]],
    rows: npt.NDArray[np.int64],
    layer: tuple[_Learnt, _Learnt],
    heads: Sequence[_Asked],
    chance: np.random.Generator,
) -> None:
    """One step on the examples ``rows``, of which ``shown`` is seen: values, and their features."""
    values, features = shown
    sums, bias = layer
    units = np.asarray(values @ sums.value[features] + bias.value)
    active = (units > 0) * (chance.random(units.shape) >= RESTING) / np.float32(1 - RESTING)
    units = (units * active).astype(np.float32)
    slope = sum((head.step(units, rows) for head in heads), np.zeros_like(units))
    slope = (slope * active).astype(np.float32)
    sums.step(np.asarray(values.T @ slope), RATE, features)
    bias.step(slope.sum(axis=0), RATE)


def _partly_hidden(
    batch: csr_matrix, chance: np.random.Generator
) -> tuple[csr_matrix, npt.NDArray[np.int64]]:
    """The batch without most of its features, in columns of its own, and which these are."""
    batch.data *= (chance.random(batch.nnz) >= HIDDEN) / np.float32(1 - HIDDEN)
    batch.eliminate_zeros()
    features, columns = np.unique(batch.indices, return_inverse=True)
    shape = (batch.shape[0], len(features))
    return csr_matrix((batch.data, columns, batch.indptr), shape=shape), features


class _Asked:
    """A question's head while it is learnt."""

    def __init__(self, question: Question, chance: np.random.Generator) -> None:
        self.name, self.labels = question.name, question.labels
        index: dict[str | None, int] = {label: i for i, label in enumerate(self.labels)}
        self._answers = np.array([index.get(a, -1) for a in question.answers])
        self._weight = question.weight
        self._weights = _Learnt.of(
            chance.standard_normal((UNITS, len(self.labels))) / np.sqrt(UNITS)
        )
        self._bias = _Learnt.of(np.zeros(len(self.labels)))

    def step(self, units: Array, rows: npt.NDArray[np.int64]) -> Array:
        """Learn from ``units`` of the examples ``rows``; the slope of the error in the units."""
        answers = self._answers[rows]
        known = np.flatnonzero(answers >= 0)
        error = softmax(units @ self._weights.value + self._bias.value)
        error[known, answers[known]] -= 1
        error[answers < 0] = 0
        error *= np.float32(self._weight / len(rows))
        slope: Array = error @ self._weights.value.T
        self._weights.step(units.T @ error, RATE / 5)
        self._bias.step(error.sum(axis=0), RATE / 5)
        return slope

    def made(self) -> Head:
        """The head as it is learnt by now."""
        return Head(self.labels, self._weights.value, self._bias.value)
