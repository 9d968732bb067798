"""The entries of one moment, with the index over them. Immutable; replaced as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge_base.analysis import Analyser
from knowledge_base.confidence import Confidence
from knowledge_base.entry import Entry
from knowledge_base.evidence import Evidence, Witness
from knowledge_base.folding import Folding
from knowledge_base.retrieval import Document, Index, Memory


@dataclass(frozen=True)
class Match:
    """An entry found for a question, with its score 0..1."""

    entry: Entry
    score: float


def analyser(tables: Mapping[str, Any]) -> Analyser:
    """The analyser that ``synonyms.yml`` describes."""
    return Analyser(Folding(tables), tables)


AMENDED = 300  # changes up to which an index is amended, not made anew


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
        return self.confidence(self.evidence(question, matches))

    def evidence(self, question: str, matches: Sequence[Match]) -> Evidence:
        """What speaks for and against the first of the matches."""
        scores = [match.score for match in matches]
        return self._witness.evidence(question, matches[0].entry, scores)

    def matches(self, question: str, count: int) -> list[Match]:
        """The best entries for a question, expired and non-public ones among them."""
        return [
            Match(self._numbered[hit.number], hit.score)
            for hit in self.index.search(question, count)
        ]

    def family(self, entry: Entry, question: str) -> list[Match]:
        """The entry and those on the same matter, as a question fits them, best first.

        Entries on one matter share the first word of their id.
        """
        name = entry.id.split("-")[0]
        numbers = [n for n, e in enumerate(self._numbered) if e.id.split("-")[0] == name]
        return [
            Match(self._numbered[hit.number], hit.score)
            for hit in self.index.among(question, numbers)
        ]

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
