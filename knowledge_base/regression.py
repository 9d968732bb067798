"""The gate before publishing: what was found must be found again (``regression.yml``).

A question that finds its entry now must find it after the change, unless the entry itself is
gone; a question that the base cannot answer must not be answered after it.
"""

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from knowledge_base import loading
from knowledge_base.answering import find_on
from knowledge_base.editions import Gate
from knowledge_base.entry import Entry
from knowledge_base.located import Problem, plain, read
from knowledge_base.shelf import Shelf, searching
from knowledge_base.vectors import Vectors


class Regression:
    """Compares entries before and after a change; keeps what it analysed for the next time."""

    def __init__(
        self,
        questions: Sequence[dict[str, Any]] | None = None,
        folder: Path = loading.ENTRIES,
        vectors: Vectors | None = None,
    ) -> None:
        self._tables, self._memory = searching(vectors)
        self._folder = folder
        if questions is None:
            questions = plain(read(loading.beside(folder, "regression.yml")))["questions"]
        self._questions: Sequence[dict[str, Any]] = questions

    def gate(self, on: date) -> Gate:
        """The gate of a publication on that day."""
        return partial(self._lost, on)

    def _lost(self, on: date, before: Sequence[Entry], after: Sequence[Entry]) -> list[Problem]:
        old, new = self._shelf(before), self._shelf(after)
        problems = []
        for number, row in enumerate(self._questions, 1):
            question, wanted = row["question"], row.get("entry")
            if wanted is not None and wanted not in new.by_id:
                continue
            was, now = (_found(shelf, question, wanted, on) for shelf in (old, new))
            if was == wanted and now != wanted:
                message = f"{question} found {was or 'nothing'}, would find {now or 'nothing'}"
                problems.append(Problem("regression.yml", number, "question", message))
        return problems

    def _shelf(self, entries: Sequence[Entry]) -> Shelf:
        others, city = loading.other_cities(self._folder), loading.city(self._folder)
        return Shelf(entries, self._tables, city, self._memory, others)


def _found(shelf: Shelf, question: str, wanted: str | None, on: date) -> str | None:
    """The first entry; for a question without one, the entry that would be the answer."""
    finding = find_on(shelf, question, on=on)
    if wanted is None:
        return finding.entry.id if finding.entry else None
    return finding.matches[0].entry.id if finding.matches else None
