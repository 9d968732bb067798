"""Fits the confidence to the questions in ``calibration/`` and to variants left out of the index.

What is fitted is tried on questions left out of the fit, in ``FOLDS`` parts: the unanswerable
questions of the part do not count as such for the evidence either. The threshold is the lowest
that leaves at most ``ANSWERED_ANYWAY`` of the unanswerable questions near the hotline's matters
answered; those far from them are easy, and more of them must not lower it. Those answerable
questions that have become variants of their entries are left out of the index. With a sentence
encoder the same is fitted with what its nearness counts beside the words, of ``SHARES`` that which
puts most of the right entries first.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge_base import loading
from knowledge_base.answering import search_on
from knowledge_base.entry import Entry
from knowledge_base.evidence import BY_ENCODER, FEATURES, Evidence
from knowledge_base.meaning import Sense
from knowledge_base.retrieval import Memory
from knowledge_base.shelf import Shelf, analyser
from knowledge_base.vectors import Vectors

FOLDS = 5
VARIANTS = 2000  # of the entries' that are tried
PARTS = 20  # in which they are left out of the index, a part at a time
ANSWERED_ANYWAY = 0.05  # of the near ones may be answered: the goal for callers' own
OFFERED = 0.98  # of the answerable questions are at least offered their entry
FAR = "far"  # the theme of questions that nobody would take for the hotline's
SHARES = (0.2, 0.35, 0.5, 0.65)
SHRINKING = 1.0  # how much large weights cost
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """A question, what was found for it, and whether that is right; ``group`` says whence it is."""

    group: str
    fold: int
    right: bool
    evidence: Evidence


class Fitting:
    """The samples of one state of the knowledge base, searched with ``sense`` too if there is one,
    and the model that fits them."""

    def __init__(
        self,
        entries: Sequence[Entry],
        tables: Mapping[str, Any],
        on: date,
        sense: Sense | None = None,
    ) -> None:
        known = loading.table("calibration/answerable")
        self._entries = [
            replace(e, variants=tuple(v for v in e.variants if v not in known.get(e.id, ())))
            for e in entries
        ]
        every = dict.fromkeys((*FEATURES, *BY_ENCODER), 0)
        nothing = {"weights": every, "bias": 0, "answered": 1, "close": 1, "share": 0}
        self._tables = dict(tables) | {"confidence": nothing}  # what is being looked for
        self._on = on
        self._memory = Memory(analyser(tables), sense)
        self._random = random.Random(12345)
        self._places = (loading.city(), loading.other_cities())

    def samples(self) -> list[Sample]:
        """Every question with the evidence for the entry found first, where there is one."""
        return [*self._unanswerable(), *self._answerable(), *self._variants()]

    def _shelf(self, entries: Sequence[Entry], unanswerable: Sequence[str]) -> Shelf:
        city, others = self._places
        tables = self._tables | {"unanswerable": unanswerable}
        return Shelf(entries, tables, city, self._memory, others)

    def _sample(self, shelf: Shelf, group: str, question: str, entry: str | None) -> Sample | None:
        matches = search_on(shelf, question, on=self._on)
        if not matches:
            return None
        fold = self._random.randrange(FOLDS)
        right = matches[0].entry.id == entry
        return Sample(group, fold, right, shelf.evidence(question, matches))

    def _unanswerable(self) -> Iterator[Sample]:
        themes = loading.table("calibration/unanswerable")
        asked = [(question, theme) for theme, questions in themes.items() for question in questions]
        self._random.shuffle(asked)
        for fold in range(FOLDS):
            known = [question for n, (question, _) in enumerate(asked) if n % FOLDS != fold]
            shelf = self._shelf(self._entries, known)
            for question, theme in asked[fold::FOLDS]:
                group = "far" if theme == FAR else "near"
                sample = self._sample(shelf, group, question, None)
                if sample:
                    yield replace(sample, fold=fold)

    def _answerable(self) -> Iterator[Sample]:
        shelf = self._shelf(self._entries, self._tables["unanswerable"])
        for group in ("answerable", "misheard"):
            for entry, questions in loading.table(f"calibration/{group}").items():
                for question in questions:
                    sample = self._sample(shelf, group, question, entry)
                    if sample:
                        yield sample

    def _variants(self) -> Iterator[Sample]:
        every = [(variant, entry.id) for entry in self._entries for variant in entry.variants]
        self._random.shuffle(every)
        for part in range(PARTS):
            out = set(every[part::PARTS])
            entries = [
                replace(e, variants=tuple(v for v in e.variants if (v, e.id) not in out))
                for e in self._entries
            ]
            shelf = self._shelf(entries, self._tables["unanswerable"])
            for variant, entry in every[part::PARTS][: VARIANTS // PARTS]:
                sample = self._sample(shelf, "variant", variant, entry)
                if sample:
                    yield sample


def fitted_with(
    vectors: Vectors, entries: Sequence[Entry], tables: Mapping[str, Any], on: date
) -> tuple[dict[str, Any], dict[str, float], float]:
    """``fitted`` for an encoder, and its share of the answerable questions' entries found first."""
    best: tuple[float, float, list[Sample]] = (-1.0, 0.0, [])
    for share in SHARES:
        samples = Fitting(entries, tables, on, Sense(vectors, share)).samples()
        first = _first(samples)
        best = max(best, (first, share, samples), key=lambda one: one[0])
    first, share, samples = best
    table, shares = fitted(samples, share)
    return table, shares, first


def _first(samples: Sequence[Sample]) -> float:
    """The share of answerable questions whose entry came first."""
    right = [sample.right for sample in samples if sample.group not in {"near", "far"}]
    return sum(right) / len(right)


def fitted(
    samples: Sequence[Sample], share: float | None = None
) -> tuple[dict[str, Any], dict[str, float]]:
    """The table ``confidence.yml``, and the shares answered by group, on questions left out.

    ``share``: what an encoder's nearness counted when the samples were taken, if there was one.
    """
    names = FEATURES if share is None else (*FEATURES, *BY_ENCODER)
    rows = [[getattr(sample.evidence, name) for name in names] for sample in samples]
    features = np.array(rows, dtype=np.float64)
    right = np.array([sample.right for sample in samples])
    folds = np.array([sample.fold for sample in samples])
    groups = np.array([sample.group for sample in samples])
    chances = np.zeros(len(samples))
    for fold in range(FOLDS):
        out = folds == fold
        if out.any():
            chances[out] = _chances(_weights(features[~out], right[~out]), features[out])
    near = groups == "near"
    answered = round(float(np.quantile(chances[near], 1 - ANSWERED_ANYWAY)), 4)
    asked = (groups == "answerable") | (groups == "misheard")
    close = round(float(np.quantile(chances[asked & right], 1 - OFFERED)), 4)
    weights = _weights(features, right)
    table = {
        "answered": answered,
        "close": min(close, answered),
        "bias": round(float(weights[-1]), 4),
        "weights": {name: round(float(w), 4) for name, w in zip(names, weights[:-1], strict=True)},
    }
    if share is not None:
        table["share"] = share
    said = chances >= answered
    shares = {}
    for group in dict.fromkeys(groups.tolist()):
        one = groups == group
        wanted = one if group in {"near", "far"} else one & right
        shares[group] = float((said & wanted).sum() / one.sum())
    return table, shares


def _weights(features: Numbers, right: npt.NDArray[np.bool_]) -> Numbers:
    """A logistic regression by Newton's method, on standardised features; the bias comes last."""
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    rows = np.column_stack(((features - mean) / spread, np.ones(len(features))))
    shrinking = np.eye(rows.shape[1]) * SHRINKING
    shrinking[-1, -1] = 0.0
    weights = np.zeros(rows.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (chance - right) + shrinking @ weights
        bend = (rows * (chance * (1 - chance))[:, None]).T @ rows + shrinking
        step = np.linalg.solve(bend, slope)
        weights -= step
        if np.abs(step).max() < 1e-9:
            break
    plain = weights[:-1] / spread
    return np.append(plain, weights[-1] - float(plain @ mean))


def _chances(weights: Numbers, features: Numbers) -> Numbers:
    chances: Numbers = 1 / (1 + np.exp(-(features @ weights[:-1] + weights[-1])))
    return chances
