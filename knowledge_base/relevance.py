"""How documents fit a question: a score of every document, and the best of them as hits."""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge_base.postings import Scores


@dataclass(frozen=True)
class Hit:
    """A document found: its place in the list, and its score 0..1.

    ``by_words``: the score that its words alone have, 0 for none in common. ``near``: how near an
    encoder holds it, 0..1, 0 without one.
    """

    number: int
    score: float
    by_words: float
    near: float


@dataclass(frozen=True)
class Relevance:
    """Of every document: the score by which it is ranked, that of its words alone (both below zero
    for one that has nothing of it), and how near it lies."""

    score: Scores
    words: Scores
    near: Scores

    def hits(self, numbers: Sequence[int]) -> list[Hit]:
        """These documents, best first."""
        found = sorted([(-float(self.score[number]), number) for number in numbers])
        return [
            Hit(n, _share(-score), _share(float(self.words[n])), _share(float(self.near[n])))
            for score, n in found
        ]


def _share(score: float) -> float:
    return round(min(1.0, max(0.0, score)), 4)
