"""The search engine: three kinds of token, each weighed in two ways, fused.

A document has phrases (the ways people ask), keywords and a body (the answer). Words, character
n-grams and sounds of the phrases are weighed by BM25 and by likelihood; the answer by BM25 alone.
A question that is a phrase word for word finds its document first. Scores lie in 0..1, so that a
threshold on them can be calibrated. The weights were set on variants of the entries, on those
that were left out of the index each time. Where there is a sentence encoder, what it finds near is
fused with that (``meaning.py``).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from knowledge_base.analysis import CHANNELS, Marks, Tokens
from knowledge_base.layout import Matrix
from knowledge_base.meaning import Meanings, Sense
from knowledge_base.postings import Counted, Postings, Scores, Vocabulary
from knowledge_base.relevance import Hit, Relevance

# What BM25 over the phrases and over the answer, and the likelihood, count.
ASKED_WEIGHTS = {"words": 0.2, "grams": 0.2, "sounds": 0.2}
BODY_WEIGHTS = {"words": 0.06, "grams": 0.16}
LIKELIER = 0.04


@dataclass(frozen=True)
class Document:
    """What is indexed: a name, the phrases people ask with, words, and the answer's text."""

    name: str
    phrases: tuple[str, ...]
    body: str = ""
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Read:
    """A document as it was analysed."""

    asked: Mapping[str, Counted]
    body: Mapping[str, Counted]
    folded: tuple[str, ...]  # the phrases
    meant: Matrix | None  # the phrases' vectors, where there is an encoder


class Analyses(Protocol):
    """What makes tokens of a text: ``Analyser``."""

    def __call__(self, text: str) -> Tokens: ...

    def folded(self, text: str) -> str: ...

    def marks(self, text: str) -> Marks: ...


class Memory:
    """Analyses documents, and remembers those that have not changed. Used by one thread.

    With a ``sense`` their phrases are encoded too.
    """

    def __init__(self, analyse: Analyses, sense: Sense | None = None) -> None:
        self.analyse = analyse
        self.sense = sense
        self.vocabularies = {channel: Vocabulary() for channel in CHANNELS}
        self._read: dict[Document, _Read] = {}

    def read(self, documents: Sequence[Document], forget: bool = True) -> list[_Read]:
        """The analysed documents; only new ones take time, and others are forgotten."""
        new = [document for document in documents if document not in self._read]
        meant = self._meant(list(dict.fromkeys(new)))
        read = {d: self._read.get(d) or self._analysed(d, meant.get(d)) for d in documents}
        self._read = read if forget else self._read | read
        return [read[document] for document in documents]

    def _meant(self, documents: Sequence[Document]) -> dict[Document, Matrix]:
        """The vectors of the documents' phrases; of all of them in one go."""
        if not self.sense:
            return {}
        every = [phrase for document in documents for phrase in document.phrases]
        rows = self.sense.vectors.phrases(every)
        ends = np.cumsum([len(document.phrases) for document in documents])
        return dict(zip(documents, np.split(rows, ends[:-1]), strict=True)) if documents else {}

    def _analysed(self, document: Document, meant: Matrix | None) -> _Read:
        found = [self.analyse(text) for text in (*document.phrases, *document.keywords)]
        body = self.analyse(document.body)
        return _Read(
            {
                name: vocabulary.counted([t for tokens in found for t in tokens.of(name)])
                for name, vocabulary in self.vocabularies.items()
            },
            {name: self.vocabularies[name].counted(body.of(name)) for name in BODY_WEIGHTS},
            tuple(self.analyse.folded(phrase) for phrase in document.phrases),
            meant,
        )


class _Fields:
    """The postings of some documents: of their phrases and of their bodies, by channel."""

    def __init__(
        self, read: Sequence[_Read], words: Mapping[str, Vocabulary], beside: "_Fields | None"
    ) -> None:
        self.count = len(read)
        asked = beside.asked if beside else {}
        bodies = beside.bodies if beside else {}
        self.asked: dict[str, Postings] = {
            c: Postings([r.asked[c] for r in read], words[c], asked.get(c)) for c in ASKED_WEIGHTS
        }
        self.bodies: dict[str, Postings] = {
            c: Postings([r.body[c] for r in read], words[c], bodies.get(c)) for c in BODY_WEIGHTS
        }
        self.exact = {text: n for n, r in enumerate(read) for text in reversed(r.folded)}

    def scores(self, tokens: Tokens) -> tuple[Scores, Scores]:
        """BM25 of every document, its fields and channels fused; and its likelihood."""
        total = np.zeros(self.count, dtype=np.float32)
        likelier = np.zeros(self.count, dtype=np.float32)
        for channel, index in self.asked.items():
            matching, likely = index.scores(tokens.of(channel))
            total += np.float32(ASKED_WEIGHTS[channel]) * matching
            likelier += likely
        for channel, index in self.bodies.items():
            matching, _ = index.scores(tokens.of(channel))
            total += np.float32(BODY_WEIGHTS[channel]) * matching
        return total, likelier


class Index:
    """An index over documents; made once, then only read, by any number of threads."""

    def __init__(self, documents: Sequence[Document], memory: Memory) -> None:
        self._count = len(documents)
        self._phrases = sum(len(document.phrases) for document in documents)
        self._analyse = memory.analyse
        read = memory.read(documents)
        self._fields = _Fields(read, memory.vocabularies, None)
        self._meanings = Meanings(memory.sense, _meant(read)) if memory.sense and read else None
        self._late: _Fields | None = None
        self._gone = frozenset[int]()

    def amended(self, gone: Collection[int], late: Sequence[Document], memory: Memory) -> "Index":
        """This index as made, without the documents ``gone`` and with others, numbered on behind.

        What all documents have in common (how rare a word is) is left as it was.
        """
        index = copy(self)
        read = memory.read(late, forget=False)
        index._late = _Fields(read, memory.vocabularies, self._fields)
        index._meanings = self._meanings.amended(_meant(read)) if self._meanings else None
        index._count = self._fields.count + len(late)
        index._gone = frozenset(gone)
        return index

    def exact(self, question: str) -> int | None:
        """The document of which the question is a phrase, word for word."""
        folded = self._analyse.folded(question)
        if self._late and folded in self._late.exact:
            return self._fields.count + self._late.exact[folded]
        number = self._fields.exact.get(folded)
        return None if number in self._gone else number

    def says(self, question: str, phrases: Sequence[str]) -> bool:
        """Whether the question is one of these phrases, word for word."""
        folded = self._analyse.folded(question)
        return any(self._analyse.folded(phrase) == folded for phrase in phrases)

    def weight(self, channel: str) -> Callable[[str], float]:
        """How telling the tokens of a channel are: the rarer in the phrases, the more."""
        return self._fields.asked[channel].weight

    def phrases_with(self, gram: str) -> tuple[int, int]:
        """How many of the phrases hold an n-gram, and how many phrases there are."""
        return self._fields.asked["grams"].occurrences(gram), self._phrases

    def search(self, question: str, count: int = 5) -> list[Hit]:
        """The best documents for a question, best first; none for a question without words."""
        tokens = self._analyse(question)
        if not self._count or (not tokens.grams and not tokens.words):
            return []
        relevance = self._relevance(question, tokens)
        most = min(count, self._count)
        nearest = np.argpartition(-relevance.score, most - 1)[:most]
        return [hit for hit in relevance.hits(nearest.tolist()) if hit.score > 0]

    def among(self, question: str, numbers: Sequence[int]) -> list[Hit]:
        """These documents, by place in the list, as the question fits them, best first."""
        return self._relevance(question, self._analyse(question)).hits(numbers)

    def _relevance(self, question: str, tokens: Tokens) -> Relevance:
        """The score of every document, fused with its nearness where there is an encoder."""
        words, exact = self._by_words(tokens), self.exact(question)
        if exact is not None:
            words[exact] = 1 + np.abs(words[exact])
        if not self._meanings:
            return Relevance(words, words, np.zeros_like(words))
        found = self._meanings.fused(question, words)
        found.score[list(self._gone)] = -1
        if exact is not None:
            found.score[exact] = 1 + np.abs(found.score[exact])
        return found

    def _by_words(self, tokens: Tokens) -> Scores:
        """The fused score of every document's words; below zero for one that shares nothing."""
        total, likelier = self._fields.scores(tokens)
        if self._late:
            both = zip((total, likelier), self._late.scores(tokens), strict=True)
            total, likelier = (np.concatenate(pair) for pair in both)
        if self._gone:
            total[list(self._gone)] = 0
        spread = float(likelier.std())
        if spread:
            likelier = (likelier - likelier.mean()) / np.float32(spread)
        return np.where(total > 0, total + np.float32(LIKELIER) * likelier, np.float32(-1))


def _meant(read: Sequence[_Read]) -> list[Matrix]:
    return [one.meant for one in read if one.meant is not None]
