"""The knowledge base at the desk: entries that fit what a caller said last."""

import asyncio
from datetime import date
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from bot.log import logger
from bot.rules.errors import HotlineError
from knowledge_base.entry import Visibility
from knowledge_base.knowledge import KnowledgeBase
from knowledge_base.vectors import Vectors

log = logger(__name__)

SECONDS = 0.3
OPENED_AFTER_SECONDS = 3.0
OFFERED = 3
SHORTEST = 4  # characters: below this nothing is looked up
LEAST = 0.05  # a match's score below which it is not worth an agent's glance
ANSWER_CHARACTERS = 400


_opening = Lock()
_base = cache(KnowledgeBase)


def opened(folder: Path, vectors: Vectors | None = None) -> KnowledgeBase:
    """The base of this process over a folder, searched with an encoder's vectors if any."""
    with _opening:
        return _base(folder, vectors)


class Shelf:
    """Opened when it is first asked, beside the event loop; one base a process and folder."""

    def __init__(self, folder: Path, vectors: Vectors | None = None) -> None:
        self.folder = folder
        self.vectors = vectors

    async def fitting(
        self, said: str, district: str | None, on: date
    ) -> list[dict[str, Any]] | None:
        """Entries that fit, best first; None where the base does not answer in time."""
        if len(said.strip()) < SHORTEST:
            return []
        try:
            async with asyncio.timeout(SECONDS):
                return await asyncio.to_thread(self._search, said, district or None, on)
        except TimeoutError:  # the thread goes on: the next question finds the base open
            log.warning("desk.knowledge_slow")
            return None

    async def open(self) -> None:
        """Open the base before somebody waits for it: that takes seconds, also of those who begin
        to be served meanwhile, so that it comes after them."""
        await asyncio.sleep(OPENED_AFTER_SECONDS)
        try:
            await asyncio.to_thread(opened, self.folder, self.vectors)
        except (HotlineError, OSError, ValueError) as error:  # whoever searches is told
            log.error("desk.knowledge_closed", reason=str(error))

    def _search(self, said: str, district: str | None, on: date) -> list[dict[str, Any]]:
        base = opened(self.folder, self.vectors)
        matches = base.search(said, on=on, district=district, reader=Visibility.DEPARTMENT)
        return [
            {
                "entry": match.entry.id,
                "question": match.entry.question,
                "answer": match.entry.answer[:ANSWER_CHARACTERS],
                "unit": match.entry.unit,
                "as_of": match.entry.as_of.isoformat(),
                "internal": match.entry.visibility is not Visibility.PUBLIC,
                "source": match.entry.source[0].document if match.entry.source else "",
            }
            for match in matches[:OFFERED]
            if match.score >= LEAST
        ]
