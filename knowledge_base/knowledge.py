"""The knowledge base as the hotline uses it: a question in, the one right entry out, or honesty.

It answers only above a calibrated threshold, offers two or three candidates below it, asks for
the attribute that decides (a district, the kind of household registration), and otherwise says
that it does not know.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any, Literal

from knowledge_base import loading
from knowledge_base.analysis import Analyser
from knowledge_base.entry import Entry, Visibility
from knowledge_base.folding import Folding
from knowledge_base.located import Refused
from knowledge_base.retrieval import Document, Hit, Index

ANSWERED = 0.50  # from here on the first entry is the answer
MARGIN = 0.02  # nearer than this to the next entry, the two are offered instead
CLOSE = 0.33  # from here on an entry is worth offering
OFFERED = 3
SHORT = 12  # characters: a question this short after an answer may lean on it
LOOK_SECONDS = 1.0  # how often the files are looked at for a change


@dataclass(frozen=True)
class Match:
    """An entry found for a question, with its score 0..1 and the phrase that was nearest."""

    entry: Entry
    score: float
    phrase: str


@dataclass(frozen=True)
class Finding:
    """What became of a question. ``ask`` is what to ask back where one attribute decides."""

    kind: Literal["answered", "close", "unknown"]
    entry: Entry | None = None
    matches: tuple[Match, ...] = ()
    ask: str | None = None


class Shelf:
    """The entries of one moment with their index. Immutable; replaced as a whole."""

    def __init__(self, entries: Sequence[Entry], tables: dict[str, Any], city: str) -> None:
        self.entries = tuple(entries)
        self.city = city
        self.by_id = {entry.id: entry for entry in entries}
        self.follow_up = tuple(tables["follow_up"])
        self.ask_district = str(tables["ask_district"])
        words = {word for same, group in tables["synonyms"].items() for word in (same, *group)}
        analyse = Analyser(Folding(tables), words | set(tables["words"]), tables["stop"])
        self.index = Index(
            [Document(e.id, (e.question, *e.variants), e.answer) for e in self.entries], analyse
        )

    def matches(self, question: str, count: int) -> list[Match]:
        """The best entries for a question, expired and non-public ones among them."""
        return [self._match(hit) for hit in self.index.search(question, count)]

    def _match(self, hit: Hit) -> Match:
        return Match(self.entries[hit.number], hit.score, hit.phrase)


class KnowledgeBase:
    """Finds entries; takes up changed files by itself. Any thread may call it."""

    def __init__(self, folder: Path = loading.ENTRIES) -> None:
        self._folder = folder
        self._lock = Lock()
        self._looked = monotonic()
        self._seen = self._fingerprint()
        self._shelf = self._load()
        self.trouble: str | None = None  # why the last change was not taken up

    def _fingerprint(self) -> tuple[tuple[str, int, int], ...]:
        paths = [*sorted(self._folder.glob("*.yml")), loading.HERE / "synonyms.yml"]
        stats = [(path.name, path.stat()) for path in paths if path.exists()]
        return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)

    def _load(self) -> Shelf:
        return Shelf(loading.load(self._folder), loading.table("synonyms"), loading.city())

    def refresh(self) -> bool:
        """Take up changed files now; True when there were any. Wrong ones leave all as it was."""
        with self._lock:
            seen = self._fingerprint()
            if seen == self._seen:
                return False
            self._seen = seen
            try:
                self._shelf = self._load()
                self.trouble = None
            except Refused as refused:
                self.trouble = str(refused)
            return True

    @property
    def shelf(self) -> Shelf:
        """The entries in force; the files are looked at once a second at most."""
        if monotonic() - self._looked >= LOOK_SECONDS:
            self._looked = monotonic()
            self.refresh()
        return self._shelf

    def entry(self, entry_id: str) -> Entry | None:
        """The entry with that id."""
        return self.shelf.by_id.get(entry_id)

    def search(
        self, question: str, *, on: date, district: str | None = None, count: int = 5
    ) -> tuple[Match, ...]:
        """The public entries in force that day and valid in that district, best first."""
        return self._search(self.shelf, question, on, district, count)

    def _search(
        self, shelf: Shelf, question: str, on: date, district: str | None, count: int
    ) -> tuple[Match, ...]:
        found = shelf.matches(question, count * 3)
        served = [
            match
            for match in found
            if match.entry.served_on(on)
            and match.entry.visibility is Visibility.PUBLIC
            and match.entry.covers(district, shelf.city)
        ]
        return tuple(served[:count])

    def find(
        self, question: str, *, on: date, district: str | None = None, previous: str | None = None
    ) -> Finding:
        """Answer a question as of a day. ``previous`` is the id of the entry answered before:
        a short follow-up ("what do I need to bring?") is then read as asked about it.
        """
        shelf = self.shelf
        matches = self._search(shelf, question, on, district, 5)
        before = shelf.by_id.get(previous) if previous else None
        if before and self._leans(shelf, question, matches):
            return self._follow(shelf, question, before, on, district)
        return self._judge(shelf, question, matches, district)

    def _leans(self, shelf: Shelf, question: str, matches: Sequence[Match]) -> bool:
        """Whether a question says too little by itself: short, and a known follow-up or unclear."""
        if len(question) > SHORT:
            return False
        known = any(phrase in question for phrase in shelf.follow_up)
        return known and (not matches or matches[0].score < 0.85)

    def _follow(
        self, shelf: Shelf, question: str, before: Entry, on: date, district: str | None
    ) -> Finding:
        """The entry about the same matter that the question fits best; the same one otherwise."""
        asked = f"{before.question} {question}"
        near = [
            match
            for match in self._search(shelf, asked, on, district, 5)
            if match.entry.theme == before.theme and match.score >= CLOSE
        ]
        entry = near[0].entry if near else before
        return Finding("answered", entry, tuple(near) or (Match(before, 1.0, before.question),))

    def _judge(
        self, shelf: Shelf, question: str, matches: tuple[Match, ...], district: str | None
    ) -> Finding:
        offered = tuple(match for match in matches[:OFFERED] if match.score >= CLOSE)
        if not offered:
            return Finding("unknown", None, matches)
        first = offered[0]
        ask = self._deciding(shelf, first.entry, question, district)
        if ask and first.score >= CLOSE:
            return Finding("close", None, offered, ask)
        rival = offered[1].score if len(offered) > 1 else 0.0
        if first.score >= ANSWERED and first.score - rival >= MARGIN:
            return Finding("answered", first.entry, matches)
        return Finding("close", None, offered)

    def _deciding(
        self, shelf: Shelf, entry: Entry, question: str, district: str | None
    ) -> str | None:
        """The question to ask back where entries of a topic differ and nothing tells which."""
        if entry.topic is None:
            return None
        others = [e for e in shelf.entries if e.topic == entry.topic and e is not entry]
        if not others or any(word in question for word in entry.applies_to):
            return None
        if entry.ask:
            return entry.ask
        by_place = entry.area != shelf.city or any(e.area != shelf.city for e in others)
        return shelf.ask_district if by_place and district is None else None
