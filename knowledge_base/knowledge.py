"""The knowledge base as the hotline uses it: a question in, the one right entry out, or honesty.

It answers only above a calibrated confidence, offers two or three candidates below it, asks for
the attribute that decides (a district, the kind of household registration), and otherwise says
that it does not know.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock, Thread
from time import monotonic
from typing import Literal

from bot.rules.clauses import CLAUSE, MARKS
from bot.rules.errors import Unavailable
from knowledge_base import loading
from knowledge_base.deciding import by_place, decided, deciding, meant, rivals_are
from knowledge_base.entry import Entry, Visibility
from knowledge_base.located import Refused
from knowledge_base.shelf import TIED, Match, Shelf, searching
from knowledge_base.vectors import Vectors

OFFERED = 3  # candidates of a "did you mean"
RIVAL = 0.6  # a candidate must have this share of the first one's score to be offered beside it
ASKING = 6  # characters of a clause that may be a question by itself
SHORT = 14  # characters: a question this short may lean on the answer before it
BETTER = 2.5  # how much better than the entry before another one must fit a follow-up
NOTICED = 0.35  # below this score another entry does not fit a follow-up
LOOK_SECONDS = 0.3  # how often the files are looked at for a change
KIN = 0.5  # from here on a question that only entries of one topic come near is answered

Seen = tuple[tuple[Path, loading.Fingerprint], ...]


@dataclass(frozen=True)
class Finding:
    """What became of a question.

    answered: ``entry`` is the answer. close: ``matches`` are worth offering, and ``ask``, where
    set, is the question that tells them apart. unknown: hand over, or open a ticket.
    """

    kind: Literal["answered", "close", "unknown"]
    entry: Entry | None = None
    matches: tuple[Match, ...] = ()
    ask: str | None = None
    confidence: float = 0.0
    words: tuple[str, ...] = ()  # some of which an answer to ``ask`` holds, unless it is a place


class KnowledgeBase:
    """Finds entries; takes up changed files by itself. Any thread may call it.

    ``vectors``: of the sentence encoder that it searches with beside the words, if any.
    """

    def __init__(self, folder: Path = loading.ENTRIES, vectors: Vectors | None = None) -> None:
        self._folder = folder
        self._vectors = vectors
        self._reader = loading.Reader(folder)
        self._lock = Lock()
        self._looked = monotonic()
        own = [vectors.confidence] if vectors else []
        self._table_paths = [*loading.SEARCH_TABLES, *own]
        self._tabled = self._fingerprints(self._table_paths)
        self._tables, self._memory = searching(vectors)
        self._seen = self._every()
        self._shelf = self._load(None)
        self.trouble: str | None = None  # why the last change was not taken up

    def _every(self) -> Seen:
        return self._fingerprints([*self._reader.paths(), *self._table_paths])

    @staticmethod
    def _fingerprints(paths: Sequence[Path]) -> Seen:
        return tuple((path, loading.fingerprint(path)) for path in paths)

    def _load(self, before: Shelf | None) -> Shelf:
        tabled = self._fingerprints(self._table_paths)
        if tabled != self._tabled:
            self._tables, self._memory = searching(self._vectors)
            self._tabled, before = tabled, None
        entries, others = self._reader.load(), loading.other_cities(self._folder)
        city = loading.city(self._folder)
        return Shelf(entries, self._tables, city, self._memory, others, before)

    def refresh(self) -> bool:
        """Take up changed files now; True when there were any. Wrong ones leave all as it was."""
        with self._lock:
            seen = self._every()
            if seen == self._seen:
                return False
            self._seen = seen
            try:
                self._shelf = self._load(self._shelf)
                self.trouble = None
            except (Refused, Unavailable) as error:
                self.trouble = str(error)
            return True

    @property
    def shelf(self) -> Shelf:
        """The entries in force. The files are looked at every ``LOOK_SECONDS`` at most; a change
        is taken up by a thread beside, and the old entries answer until it is done.
        """
        if monotonic() - self._looked >= LOOK_SECONDS:
            self._looked = monotonic()
            if not self._lock.locked() and self._every() != self._seen:
                Thread(target=self.refresh, name="knowledge", daemon=True).start()
        return self._shelf

    def entry(self, entry_id: str) -> Entry | None:
        """The entry with that id."""
        return self.shelf.by_id.get(entry_id)

    def search(
        self,
        question: str,
        *,
        on: date,
        district: str | None = None,
        count: int = 5,
        reader: Visibility = Visibility.PUBLIC,
    ) -> tuple[Match, ...]:
        """The entries that ``reader`` may see, in force that day and valid in that district, best
        first."""
        shelf = self.shelf
        found = shelf.matches(question, count * 3)
        return tuple([m for m in found if _served(shelf, m.entry, on, district, reader)][:count])

    def find(
        self, question: str, *, on: date, district: str | None = None, previous: str | None = None
    ) -> Finding:
        """Answer a question as of a day. ``previous`` is the id of the entry answered before:
        a short follow-up ("what do I need to bring?") is then read as asked about it.
        """
        return find_on(self.shelf, question, on=on, district=district, previous=previous)

    def decided(
        self, entry_id: str, told: str, *, on: date, district: str | None = None
    ) -> Entry | None:
        """The entry of that one's topic which the answer to ``Finding.ask`` decides for; None
        where it does not decide."""
        return decided_on(self.shelf, entry_id, told, on=on, district=district)


def decided_on(
    shelf: Shelf, entry_id: str, told: str, *, on: date, district: str | None = None
) -> Entry | None:
    """``KnowledgeBase.decided`` over the entries of a shelf."""
    entry = shelf.by_id.get(entry_id)
    if entry is None:
        return None
    topic = (entry, *shelf.topic(entry))
    served = [e for e in topic if _served(shelf, e, on, district)]
    return decided(served, told, district if by_place(topic, shelf.city) else None)


def find_on(
    shelf: Shelf,
    question: str,
    *,
    on: date,
    district: str | None = None,
    previous: str | None = None,
) -> Finding:
    """``KnowledgeBase.find`` over the entries of a shelf."""
    matches = search_on(shelf, question, on=on, district=district)
    sure = shelf.sure(question, matches)
    before = shelf.by_id.get(previous) if previous else None
    if before and _leans(shelf, question):
        followed = _followed(shelf, question, before, on, district)
        fits = followed.matches[0].score
        if sure < shelf.confidence.answered or fits >= RIVAL * matches[0].score:
            return followed
    finding = _judged(shelf, question, matches, sure, district)
    if finding.kind == "answered" or finding.ask:
        return finding
    return _asked_last(shelf, question, matches, on, district) or finding


def _asked_last(
    shelf: Shelf, question: str, matches: Sequence[Match], on: date, district: str | None
) -> Finding | None:
    """The answer to the last clause alone, where the whole comes nearest to the same entry: what
    is told before a question ("my father is 85") seldom stands in any entry."""
    clause = CLAUSE.split(question.strip().rstrip(MARKS))[-1]
    if len(clause) < ASKING or len(clause) == len(question):
        return None
    found = search_on(shelf, clause, on=on, district=district)
    if not found or not matches or found[0].entry is not matches[0].entry:
        return None
    finding = _judged(shelf, clause, found, shelf.sure(clause, found), district)
    away = shelf.elsewhere(found[0].entry, question)
    return None if away or finding.kind != "answered" else finding


def search_on(
    shelf: Shelf, question: str, *, on: date, district: str | None = None, count: int = 5
) -> tuple[Match, ...]:
    """``KnowledgeBase.search`` over the entries of a shelf."""
    found = shelf.matches(question, count * 3)
    return tuple([m for m in found if _served(shelf, m.entry, on, district)][:count])


def _served(
    shelf: Shelf,
    entry: Entry,
    on: date,
    district: str | None,
    reader: Visibility = Visibility.PUBLIC,
) -> bool:
    """Whether the entry may be given that day, in that district, to that reader: a caller."""
    shown = entry.visibility.shown_to(reader)
    return shown and entry.served_on(on) and entry.covers(district, shelf.city)


def _leans(shelf: Shelf, question: str) -> bool:
    """Whether a question says too little by itself: short, with the words of a follow-up."""
    return len(question) <= SHORT and any(phrase in question for phrase in shelf.follow_up)


def _followed(
    shelf: Shelf, question: str, before: Entry, on: date, district: str | None
) -> Finding:
    """The entry on the same matter that the question fits clearly better; else the one before."""
    family = [m for m in shelf.family(before, question) if _served(shelf, m.entry, on, district)]
    own = next((match for match in family if match.entry is before), None)
    own = own or Match(before, 0.0)
    best = max(family, key=lambda match: match.by_words, default=own)
    best = best if best.by_words > max(own.by_words * BETTER, NOTICED) else own
    return Finding("answered", best.entry, (best,), None, 1.0)


def _judged(
    shelf: Shelf, question: str, matches: tuple[Match, ...], sure: float, district: str | None
) -> Finding:
    if sure < shelf.confidence.close:
        return Finding("unknown", None, matches, None, sure)
    matches = meant(matches, question, district)
    first = matches[0]
    offered = tuple(m for m in matches[:OFFERED] if m.score >= RIVAL * first.score)
    siblings = shelf.topic(first.entry)
    ask = deciding(shelf, first.entry, siblings, question, district)
    if ask:
        of_topic = [m for m in matches if m.entry is first.entry or m.entry in siblings]
        words = tuple(word for e in (first.entry, *siblings) for word in e.applies_to)
        return Finding("close", None, tuple(of_topic), ask, sure, words)
    if shelf.elsewhere(first.entry, question):
        return Finding("close", None, offered, None, sure)
    said = siblings and any(word in question for word in first.entry.applies_to)
    apart = [first, *(m for m in matches[1:] if m.entry not in siblings)]
    kin = sure >= KIN and rivals_are(siblings, offered[1:])
    kin = kin or bool(said and shelf.sure(question, apart) >= KIN)
    tied = sure < 1 and len(offered) > 1 and offered[1].score >= TIED * first.score
    if kin or (sure >= shelf.confidence.answered and not tied):
        return Finding("answered", first.entry, matches, None, sure)
    return Finding("close", None, offered, None, sure)
