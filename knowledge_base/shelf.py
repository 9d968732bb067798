"""The entries of one moment, with the index over them. Immutable; replaced as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge_base import loading
from knowledge_base.analysis import Analyser
from knowledge_base.confidence import Confidence
from knowledge_base.entry import Entry
from knowledge_base.evidence import Evidence, Witness
from knowledge_base.folding import Folding
from knowledge_base.meaning import EVEN, LOOKED_AT, Sense
from knowledge_base.relevance import Hit
from knowledge_base.retrieval import Document, Index, Memory
from knowledge_base.vectors import Vectors

UNPROVEN = 0.49  # at most so sure is an encoder's choice without a calibration: not to answer it
TIED = 0.97  # a second entry with this share of the first one's score leaves it open which is meant
AMENDED = 300  # changes up to which an index is amended, not made anew


@dataclass(frozen=True)
class Match:
    """An entry found for a question, with its score 0..1; ``by_words`` and ``near`` as of a
    ``Hit``."""

    entry: Entry
    score: float
    by_words: float = 0.0
    near: float = 0.0


def analyser(tables: Mapping[str, Any]) -> Analyser:
    """The analyser that ``synonyms.yml`` describes."""
    return Analyser(Folding(tables), tables)


def searching(vectors: Vectors | None) -> tuple[dict[str, Any], Memory]:
    """The tables of the search, and the memory that analyses for it: with the encoder's vectors
    and its own confidence, where there are such."""
    tables = loading.search_tables(vectors.confidence if vectors else None)
    share = tables["confidence"].get("share")
    sense = Sense(vectors, EVEN if share is None else float(share)) if vectors else None
    return tables, Memory(analyser(tables), sense)


def _document(entry: Entry) -> Document:
    return Document(entry.id, entry.phrases, entry.answer, entry.keywords)


class Shelf:
    """Entries with their index, and the few words of the dialogue that searching needs."""

    def __init__(
        self,
        entries: Sequence[Entry],
        tables: Mapping[str, Any],
        city: str,
        memory: Memory,
        other_cities: Sequence[str] = (),
        before: "Shelf | None" = None,
    ) -> None:
        self.entries = tuple(entries)
        self.city = city
        self._sense = memory.sense
        self._other_cities = tuple(other_cities)
        self.by_id = {entry.id: entry for entry in entries}
        self.follow_up = tuple(tables["follow_up"])
        self.ask_district = str(tables["ask_district"])
        self._full: Index | None = before._full if before else None
        self._made: tuple[Entry, ...] = before._made if before else ()
        self.index, self._numbered = self._indexed(memory)
        self._witness = Witness(self.index, memory.analyse, tables["unanswerable"])
        self.confidence = Confidence.of(tables["confidence"])

    def _indexed(self, memory: Memory) -> tuple[Index, tuple[Entry, ...]]:
        """The index, and the entries by their number in it. After few changes the index that was
        made before is amended, which takes a hundredth of the time.
        """
        if self._full:
            made = {entry.id: (n, entry) for n, entry in enumerate(self._made)}
            late = [e for e in self.entries if e.id not in made or made[e.id][1] != e]
            kept = self.by_id.keys() - {e.id for e in late}
            gone = {n for entry_id, (n, _) in made.items() if entry_id not in kept}
            if len(late) + len(gone) <= AMENDED:
                index = self._full.amended(gone, [_document(e) for e in late], memory)
                there = [self.by_id.get(entry.id, entry) for entry in self._made]
                return index, (*there, *late)
        self._full, self._made = Index([_document(e) for e in self.entries], memory), self.entries
        return self._full, self.entries

    def sure(self, question: str, matches: Sequence[Match]) -> float:
        """The chance, 0..1, that the first of the matches answers the question."""
        if not matches:
            return 0.0
        if self.index.exact(question) is not None:  # perhaps of an entry that may not be served
            return float(self.index.says(question, matches[0].entry.phrases))
        if self._calibrated:
            return self.confidence(self.evidence(question, matches))
        return self._sure_by_words(question, matches[0])

    def _sure_by_words(self, question: str, first: Match) -> float:
        """What the words alone say, where the encoder has no calibration of its own: it may put
        another entry first then, and never makes the search surer."""
        every = self.matches(question, 2 * LOOKED_AT)  # the best by words is among them
        others = [match for match in every if match.entry is not first.entry]
        others.sort(key=lambda match: -match.by_words)
        best = others[0].by_words if others else 0.0
        if not max(first.by_words, best):
            return 0.0
        sure = self.confidence(self.evidence(question, [first, *others]))
        if not others or best < TIED * first.by_words:
            return sure
        return min(sure, self.confidence(self.evidence(question, [*others, first])), UNPROVEN)

    @property
    def _calibrated(self) -> bool:
        """Whether the confidence was fitted to the search as it is, with the encoder if any."""
        return self._sense is None or self.confidence.share is not None

    def evidence(self, question: str, matches: Sequence[Match]) -> Evidence:
        """What speaks for and against the first of the matches."""
        if self._calibrated:
            scores, near = [m.score for m in matches], [m.near for m in matches]
            return self._witness.evidence(question, matches[0].entry, scores, near)
        scores = [match.by_words for match in matches]
        return self._witness.evidence(question, matches[0].entry, scores)

    def matches(self, question: str, count: int) -> list[Match]:
        """The best entries for a question, expired and non-public ones among them."""
        return [self._match(hit) for hit in self.index.search(question, count)]

    def _match(self, hit: Hit) -> Match:
        return Match(self._numbered[hit.number], hit.score, hit.by_words, hit.near)

    def family(self, entry: Entry, question: str) -> list[Match]:
        """The entry and those on the same matter, as a question fits them, best first.

        Entries on one matter share the first word of their id.
        """
        name = entry.id.split("-")[0]
        numbers = [n for n, e in enumerate(self._numbered) if e.id.split("-")[0] == name]
        return [self._match(hit) for hit in self.index.among(question, numbers)]

    def topic(self, entry: Entry) -> list[Entry]:
        """The other entries of its topic."""
        if entry.topic is None:
            return []
        return [e for e in self.entries if e.topic == entry.topic and e is not entry]

    def elsewhere(self, entry: Entry, question: str) -> bool:
        """Whether a question names another city that the entry does not speak of."""
        named = [name for name in self._other_cities if name in question]
        texts = (entry.question, *entry.variants, *entry.keywords, entry.answer)
        return any(not any(name in text for text in texts) for name in named)
