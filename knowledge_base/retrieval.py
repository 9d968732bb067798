"""The search engine: BM25 over words, character n-grams and sounds, fused, then compared closely.

A document has phrases (the ways people ask) and a body (the answer). BM25 (bm25s) ranks whole
documents in every channel; the best few are then compared phrase by phrase with the question.
Scores lie in 0..1, the share of the question's weight that a document holds, so that a threshold
on them can be calibrated. The weights were set on tests/knowledge_base/tuning.yml.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import bm25s
import numpy as np
import numpy.typing as npt

from knowledge_base.analysis import CHANNELS, Analyser, Tokens

CLOSELY = 6  # documents that are compared phrase by phrase
# What BM25 over the phrases, over the answer, and the likeness of the nearest phrase count.
ASKED_WEIGHTS = {"words": 0.12, "grams": 0.2, "sounds": 0.2, "concepts": 0.18}
BODY_WEIGHTS = {"words": 0.06, "grams": 0.16}
LIKENESS = 0.13
ASKED = 0.6  # how much the question's tokens count against the phrase's in the likeness

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Document:
    """What is indexed: a name, the phrases people ask with, and the text of the answer."""

    name: str
    phrases: tuple[str, ...]
    body: str = ""


@dataclass(frozen=True)
class Hit:
    """A document found: its place in the list, its score 0..1, and the phrase that was nearest."""

    number: int
    score: float
    phrase: str


class _Channel:
    """One BM25 index over one kind of token of one field."""

    def __init__(self, documents: Sequence[Sequence[str]], k1: float, b: float) -> None:
        self._count = len(documents)
        known = Counter(token for tokens in documents for token in set(tokens))
        self._weights = {
            token: math.log(1 + (self._count - n + 0.5) / (n + 0.5)) for token, n in known.items()
        }
        self._unseen = math.log(1 + (self._count + 0.5) / 0.5)
        self._index: bm25s.BM25 | None = None
        if known:
            self._index = bm25s.BM25(method="lucene", k1=k1, b=b)
            self._index.index([list(tokens) for tokens in documents], show_progress=False)

    def weight(self, token: str) -> float:
        """How telling a token is: its inverse document frequency."""
        return self._weights.get(token, self._unseen)

    def total(self, tokens: frozenset[str]) -> float:
        """The weight of a set of tokens."""
        return sum(self.weight(token) for token in tokens)

    def scores(self, tokens: Sequence[str]) -> Scores:
        """BM25 of every document, as the share of the best that a document could reach."""
        known = [token for token in tokens if token in self._weights]
        best = sum(self.weight(token) for token in tokens)
        if self._index is None or not known or not best:
            return np.zeros(self._count, dtype=np.float32)
        found: Scores = self._index.get_scores(known)
        return found / np.float32(best)


class Index:
    """An index over documents; made once, then only read, by any number of threads."""

    def __init__(self, documents: Sequence[Document], analyse: Analyser) -> None:
        self._documents = documents
        self._analyse = analyse
        phrases = [[analyse(phrase) for phrase in doc.phrases] for doc in documents]
        self._asked = {
            channel: _Channel(
                [[t for p in tokens for t in getattr(p, channel)] for tokens in phrases], 1.2, 0.75
            )
            for channel in CHANNELS
        }
        bodies = [analyse(doc.body) for doc in documents]
        self._bodies = {
            channel: _Channel([getattr(body, channel) for body in bodies], 1.2, 0.75)
            for channel in BODY_WEIGHTS
        }
        self._sets = [[self._measured(tokens) for tokens in found] for found in phrases]

    def _measured(self, tokens: Tokens) -> dict[str, tuple[frozenset[str], float]]:
        sets = {channel: frozenset(getattr(tokens, channel)) for channel in CHANNELS}
        return {c: (found, self._asked[c].total(found)) for c, found in sets.items()}

    def words(self, question: str) -> int:
        """How many different words of a question count."""
        return len(set(self._analyse(question).words))

    def search(self, question: str, count: int = 5) -> list[Hit]:
        """The best documents for a question, best first; none for a question without words."""
        tokens = self._analyse(question)
        if not tokens.grams and not tokens.words:
            return []
        relevance = self._relevance(tokens)
        nearest = np.argsort(-relevance, kind="stable")[: max(CLOSELY, count)]
        asked = self._weighed(tokens)
        hits = [
            self._compared(int(n), float(relevance[n]), asked if place < CLOSELY else {})
            for place, n in enumerate(nearest)
        ]
        hits = [hit for hit in hits if hit.score > 0]
        return sorted(hits, key=lambda hit: -hit.score)[:count]

    def among(self, question: str, numbers: Sequence[int]) -> list[Hit]:
        """These documents, by place in the list, as the question fits them, best first."""
        tokens = self._analyse(question)
        relevance, asked = self._relevance(tokens), self._weighed(tokens)
        hits = [self._compared(number, float(relevance[number]), asked) for number in numbers]
        return sorted(hits, key=lambda hit: -hit.score)

    def _weighed(self, tokens: Tokens) -> dict[str, "_Asked"]:
        return {
            channel: _Asked(found, {t: self._asked[channel].weight(t) for t in found}, total)
            for channel, (found, total) in self._measured(tokens).items()
        }

    def _relevance(self, tokens: Tokens) -> Scores:
        """The fused BM25 of every document: its phrases, and its body with a lower weight."""
        total = np.zeros(len(self._documents), dtype=np.float32)
        for channel, index in self._asked.items():
            total += np.float32(ASKED_WEIGHTS[channel]) * index.scores(getattr(tokens, channel))
        for channel, index in self._bodies.items():
            total += np.float32(BODY_WEIGHTS[channel]) * index.scores(getattr(tokens, channel))
        return total

    def _compared(self, number: int, relevance: float, asked: dict[str, "_Asked"]) -> Hit:
        """The document with the likeness of its nearest phrase added to its relevance."""
        best, nearest = 0.0, ""
        for phrase, sets in zip(self._documents[number].phrases, self._sets[number], strict=True):
            like = sum(
                _likeness(tokens, *sets[channel]) for channel, tokens in asked.items()
            ) / len(CHANNELS)
            if like > best:
                best, nearest = like, phrase
        return Hit(number, round(min(1.0, LIKENESS * best + relevance), 4), nearest)


@dataclass(frozen=True)
class _Asked:
    """The question's tokens in one channel, with their weights."""

    tokens: frozenset[str]
    weights: dict[str, float]
    total: float


def _likeness(asked: _Asked, phrase: frozenset[str], phrase_total: float) -> float:
    """How much of the question's weight the phrase holds, and the other way round, 0..1."""
    both = asked.tokens & phrase
    if not both:
        return 0.0
    shared = sum([asked.weights[token] for token in both])
    return ASKED * shared / asked.total + (1 - ASKED) * shared / phrase_total
