"""The knowledge base as the hotline uses it: a question in, the one right entry out, or honesty.

It keeps the entries of the moment, and takes up changed files; ``answering`` decides.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from threading import Lock, Thread
from time import monotonic

from bot.rules.errors import Unavailable
from knowledge_base import loading
from knowledge_base.answering import Finding, decided_on, find_on, search_on
from knowledge_base.entry import Entry, Visibility
from knowledge_base.located import Refused
from knowledge_base.shelf import Match, Shelf, searching
from knowledge_base.vectors import Vectors

LOOK_SECONDS = 0.3  # how often the files are looked at for a change

Seen = tuple[tuple[Path, loading.Fingerprint], ...]


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
        return search_on(self.shelf, question, on=on, district=district, count=count, reader=reader)

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
