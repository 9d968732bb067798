"""What speaks for and against the first entry as the answer to a question, in numbers. Pure.

Three kinds of evidence: the search's own scores; what the entry lacks of the question, what only
its answer tells, and whether a phrase of it merely sounds alike; and how strange the question is:
whether its character n-grams stand rather in questions that nobody here can answer
(``calibration/unanswerable.yml``) than in those that entries answer.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from math import log

from knowledge_base.entry import Entry
from knowledge_base.retrieval import Analyses, Index

LONG = 8  # words from which a question counts as fully long
STRANGEST = 3  # n-grams
Weight = Callable[[str], float]


@dataclass(frozen=True)
class Evidence:
    """Of one question and the entry found first. Shares lie in 0..1."""

    score: float  # of the search
    lead: float  # before the second entry
    length: float  # words, as a share of ``LONG``
    misheard: float  # how much liker the nearest phrase sounds than it is written
    told: float  # weight of the question's n-grams that only the answer and the keywords hold
    missing: float  # weight of the question's words that the entry holds nowhere
    strange: float  # how much likelier among the unanswerable, in tenths of log odds
    strange_rest: float  # the same of what the nearest phrase does not say
    strangest: float  # the mean of the strangest n-grams
    near: float = 0.0  # how near an encoder holds the entry
    nearer: float = 0.0  # than any other entry found


BY_ENCODER = ("near", "nearer")  # there is nothing in them without an encoder
FEATURES = tuple(field.name for field in fields(Evidence) if field.name not in BY_ENCODER)


class Witness:
    """Gives evidence over one index. Made once, then read by any number of threads."""

    def __init__(self, index: Index, analyse: Analyses, unanswerable: Sequence[str]) -> None:
        self._index = index
        self._analyse = analyse
        counted = Counter(g for text in unanswerable for g in analyse.marks(text).grams)
        self._strange: dict[str, int] = dict(counted)
        self._unanswerable = len(unanswerable)

    def evidence(
        self, question: str, entry: Entry, scores: Sequence[float], near: Sequence[float] = (0.0,)
    ) -> Evidence:
        """``scores``, and how ``near`` an encoder holds them, are those of the entries found, that
        of ``entry`` first."""
        asked = self._analyse.marks(question)
        words = set(self._analyse(question).words)
        phrases = [self._analyse.marks(p) for p in entry.phrases]
        others = [self._analyse.marks(t) for t in (*entry.keywords, entry.answer)]
        every = [*phrases, *others]
        by_word, by_gram, by_sound = map(self._index.weight, ("words", "grams", "sounds"))
        text = " ".join(marks.folded for marks in every)
        alike = [_likeness(asked.grams, p.grams, by_gram) for p in phrases]
        sounding = max(_likeness(asked.sounds, p.sounds, by_sound) for p in phrases)
        rest = asked.grams - phrases[alike.index(max(alike))].grams
        strange = {gram: self._strangeness(gram) for gram in asked.grams}
        said = _union(p.grams for p in phrases)
        held = _held(asked.grams, _union(m.grams for m in every), by_gram)
        return Evidence(
            score=scores[0],
            lead=scores[0] - (scores[1] if len(scores) > 1 else 0.0),
            length=min(1.0, len(words) / LONG),
            misheard=max(0.0, sounding - max(alike)),
            told=held - _held(asked.grams, said, by_gram),
            missing=1 - _held(words, {word for word in words if word in text}, by_word),
            strange=sum(strange.values()) / 10,
            strange_rest=sum(strange[gram] for gram in rest) / 10,
            strangest=_mean(sorted(strange.values())[-STRANGEST:]),
            near=near[0],
            nearer=near[0] - max(near[1:], default=0.0),
        )

    def _strangeness(self, gram: str) -> float:
        """How much likelier a phrase that nobody here can answer holds it, as log odds."""
        if not self._unanswerable:
            return 0.0
        known, phrases = self._index.phrases_with(gram)
        same = phrases / self._unanswerable  # the two kinds of phrase, brought to one number
        strange = (self._strange.get(gram, 0) + 0.5) / (self._unanswerable + 1)
        return log(strange) - log((known + 0.5 * same) / (phrases + same))


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _held(asked: Iterable[str], held: frozenset[str] | set[str], weight: Weight) -> float:
    """The share of what was asked that is held, by weight; 1 of nothing."""
    every = there = 0.0
    for token in asked:
        heavy = weight(token)
        every += heavy
        there += heavy if token in held else 0.0
    return there / every if every else 1.0


def _likeness(one: frozenset[str], other: frozenset[str], weight: Weight) -> float:
    """Dice's coefficient, by weight."""
    shared = sum(map(weight, one & other))
    every = sum(map(weight, one)) + sum(map(weight, other))
    return 2 * shared / every if every else 0.0
