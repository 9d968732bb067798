"""The search with the sentence encoder of the settings, beside the same search without one.

Nothing is measured, and nothing printed, where ``HOTLINE_ENCODER`` names none.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from statistics import median, quantiles
from time import process_time
from typing import Any

import numpy as np

from bot import encoding
from bot.settings import Settings
from knowledge_base import loading
from knowledge_base.knowledge import KnowledgeBase
from knowledge_base.layout import Matrix
from knowledge_base.meaning import Sense
from knowledge_base.retrieval import Memory
from knowledge_base.shelf import Shelf, analyser
from knowledge_base.vectors import Vectors
from tests.bench.knowledge_scale import MANY, multiplied
from tests.bench.measurement import Measurement
from tests.bench.progress import progress

DAY = date(2026, 11, 22)
PEER = "the words alone"
WARM = 50  # searches before the first that counts


def encoded(sets: Sequence[tuple[str, Mapping[str, Any]]]) -> Iterator[Measurement]:
    """Held-out questions (what stands before a set's figures, its rows), and the speed."""
    settings = Settings()
    encoding.prepare(settings)
    vectors = encoding.vectors(settings)
    if vectors is None:
        print("knowledge: no HOTLINE_ENCODER, its part is left out", file=sys.stderr)
        return
    told = "calibrated" if vectors.confidence.is_file() else "without a calibration"
    both, words = KnowledgeBase(settings.entries, vectors), KnowledgeBase(settings.entries)
    for label, rows in sets:
        yield from _found(f"{label}encoder, {told}: ", rows, both, words)
    questions = [row["question"] for _, held in sets for rows in held.values() for row in rows]
    yield from _speed(vectors, questions)


def _found(
    label: str, rows: Mapping[str, Any], both: KnowledgeBase, words: KnowledgeBase
) -> Iterator[Measurement]:
    asked = [row for kind, group in rows.items() if kind != "unanswerable" for row in group]
    unknown = [row["question"] for row in rows["unanswerable"]]
    first, right, anyway = [], [], []
    for base in (both, words):
        found = [base.search(row["question"], on=DAY, count=1) for row in asked]
        hits = [bool(f) and f[0].entry.id == r["entry"] for f, r in _pairs(found, asked)]
        first.append(_share(hits))
        answers = [base.find(row["question"], on=DAY).entry for row in asked]
        right.append(_share([bool(a) and a.id == r["entry"] for a, r in _pairs(answers, asked)]))
        anyway.append(_share([base.find(q, on=DAY).entry is not None for q in unknown]))
    yield Measurement(f"{label}right entry first ({len(asked)})", first[0], "share", PEER, first[1])
    yield Measurement(f"{label}answered at once, and right", right[0], "share", PEER, right[1])
    name = f"{label}unanswerable, answered anyway ({len(unknown)})"
    yield Measurement(name, anyway[0], "share", PEER, anyway[1], 0.05, "lower")


def _pairs(found: Sequence[Any], asked: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    return zip(found, asked, strict=True)


def _share(flags: Sequence[bool]) -> float:
    return round(sum(flags) / len(flags), 4)


class Repeated(Vectors):
    """Vectors of entries told again and again of other places: those of the first, with noise, so
    that 10,000 entries need not be encoded to see how long they take to be compared."""

    def __init__(self, vectors: Vectors) -> None:
        super().__init__(vectors.encoder, vectors.home.parent)
        self._places = [place["name"] for place in loading.table("districts")["places"]]
        self._noise = np.random.default_rng(12345)

    def phrases(self, texts: Sequence[str], progress: object = None) -> Matrix:
        rows = super().phrases([self._bare(text) for text in texts])
        rows += self._noise.normal(0, 0.02, rows.shape).astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows

    def _bare(self, text: str) -> str:
        place = next((name for name in self._places if text.startswith(name)), "")
        return text.removeprefix(place)


def _speed(vectors: Vectors, questions: Sequence[str]) -> Iterator[Measurement]:
    """Processor time, of all threads: to encode a question, and to search 10,000 entries then."""
    tables = loading.search_tables()
    many = list(islice(multiplied(loading.load()), MANY))
    repeated = Repeated(vectors)
    with progress("index of 10,000 entries with vectors", 1) as step:
        memory = Memory(analyser(tables), Sense(repeated))
        shelf = Shelf(many, tables, loading.city(), memory)
        step()
    question_times, searched = [], []
    asked = list(dict.fromkeys(questions))
    with progress("searches", len(asked)) as step:
        for question in asked:
            started = process_time()
            repeated.question(question)
            between = process_time()
            shelf.matches(question, 5)  # the question's vector is at hand by now
            question_times.append((between - started) * 1000)
            searched.append((process_time() - between) * 1000)
            step()
    yield Measurement(
        "encoder: a question, median", median(question_times[WARM:]), "ms", better="lower"
    )
    name = "encoder: search, 10,000 entries, without that"
    yield Measurement(f"{name}, median", median(searched[WARM:]), "ms", None, None, 5, "lower")
    p99 = quantiles(searched[WARM:], n=100)[98]
    yield Measurement(f"{name}, p99", p99, "ms", None, None, 20, "lower")
