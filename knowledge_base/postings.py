"""An inverted index over one kind of token of one field: who holds a token, and how telling it is.

Two measures of the same counts: BM25 (Lucene's form), and the logarithm of how much likelier a
document makes a question than the language at large does (a query likelihood with Dirichlet
smoothing: Zhai and Lafferty 2004). The first is precise on rare words, the second weighs all of
what is said; together they find more than either.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int32]
Scores = npt.NDArray[np.float32]
K1, B = 1.2, 0.75  # BM25's usual settings
SMOOTHING = 300.0  # tokens of the language at large that every document is thought to hold too


@dataclass(frozen=True)
class Counted:
    """The tokens of one field of one document: their numbers, and how often each stands there."""

    ids: Ids
    counts: Scores


class Vocabulary:
    """Gives every token a number; grows, and never forgets. Used by one thread at a time."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def counted(self, tokens: Sequence[str]) -> Counted:
        """The tokens as numbers, new ones learned."""
        numbers = self._numbers
        ids = [numbers.setdefault(token, len(numbers)) for token in tokens]
        found, counts = np.unique(np.asarray(ids, dtype=np.int32), return_counts=True)
        return Counted(found, counts.astype(np.float32))

    def number(self, token: str) -> int:
        """The number of a token; -1 for one that has none."""
        return self._numbers.get(token, -1)

    def known(self, tokens: Sequence[str]) -> list[int]:
        """The numbers of the tokens that have one."""
        return [self._numbers[token] for token in tokens if token in self._numbers]


class Postings:
    """The documents behind every token. Made once, then only read, by any number of threads.

    ``beside`` others, documents are weighed as if they stood among those, so that a few that
    changed can be searched together with the many that did not.
    """

    def __init__(
        self,
        documents: Sequence[Counted],
        vocabulary: Vocabulary,
        beside: "Postings | None" = None,
    ) -> None:
        self._vocabulary = vocabulary
        self._size = len(vocabulary)
        count = self._count = len(documents)
        nothing = Counted(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32))
        ids = np.concatenate([d.ids for d in (*documents, nothing)])
        counts = np.concatenate([d.counts for d in (*documents, nothing)])
        held = np.repeat(np.arange(count, dtype=np.int32), [len(d.ids) for d in documents])
        lengths = np.bincount(held, weights=counts, minlength=count).astype(np.float32)
        order = np.argsort(ids, kind="stable")
        ids, counts, self._held = ids[order], counts[order], held[order]
        known = np.bincount(ids, minlength=self._size)
        self._starts = np.concatenate(([0], np.cumsum(known)))
        self._totals = np.bincount(ids, weights=counts, minlength=self._size)
        if beside is None:
            total = max(1.0, float(lengths.sum()))
            self._average = max(1e-9, total / max(1, count))
            self._weights = np.log(1 + (count - known + 0.5) / (known + 0.5)).astype(np.float32)
            self._unseen = float(np.log(1 + (count + 0.5) / 0.5))
            self._large = np.maximum(self._totals, 1.0) / total
        else:
            new = (0, self._size - beside._size)
            self._average, self._unseen = beside._average, beside._unseen
            self._weights = np.pad(beside._weights, new, constant_values=self._unseen)
            self._large = np.pad(beside._large, new, constant_values=beside._large.min())
        long = 1 - B + B * lengths / self._average
        self._matching = (self._weights[ids] * counts / (counts + K1 * long[self._held])).astype(
            np.float32
        )
        self._likelier = np.log1p(counts / (SMOOTHING * self._large[ids])).astype(np.float32)
        self._short = np.log(SMOOTHING / (lengths + SMOOTHING)).astype(np.float32)

    def weight(self, token: str) -> float:
        """How telling a token is: the rarer, the more."""
        number = self._vocabulary.number(token)
        return float(self._weights[number]) if 0 <= number < self._size else self._unseen

    def occurrences(self, token: str) -> int:
        """How often a token stands in all documents together."""
        number = self._vocabulary.number(token)
        return int(self._totals[number]) if 0 <= number < self._size else 0

    def scores(self, tokens: Sequence[str]) -> tuple[Scores, Scores]:
        """BM25 of every document, as the share of the best that one could reach; likelihood."""
        matching = np.zeros(self._count, dtype=np.float32)
        likelier = np.zeros(self._count, dtype=np.float32)
        numbers = [n for n in self._vocabulary.known(tokens) if n < self._size]
        best = float(self._weights[numbers].sum()) if numbers else 0.0
        best += self._unseen * (len(tokens) - len(numbers))
        telling = 0
        for number in numbers:
            start, end = self._starts[number], self._starts[number + 1]
            if end > start:
                held = self._held[start:end]
                matching[held] += self._matching[start:end]
                likelier[held] += self._likelier[start:end]
                telling += 1
        return (matching / np.float32(best) if best else matching), likelier + telling * self._short
