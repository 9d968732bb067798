"""Callers whose agent is gone, given back to the front of the queue.

An agent is there while a desk page of theirs keeps a WebSocket to any gateway. The page's gateway
says so twice a second; when nobody has said so for a while, any gateway gives the agent's callers
back. Nobody is taken for gone while that is not sure: Redis was away, this process has just begun,
or it was too busy to listen.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from bot.attendance import Attendance
from bot.desk import Desk
from bot.log import logger
from bot.rules.errors import HotlineError
from bot.store import Store

log = logger(__name__)

BEAT_SECONDS = 0.5
LATE_SECONDS = 1.0  # a beat that comes so late means that this process was too busy to listen
SURE_SECONDS = 5.0  # until every page has been heard of again


class Presence:
    """Kept by every gateway."""

    def __init__(self, attendance: Attendance, store: Store, desk: Desk) -> None:
        self._attendance = attendance
        self._store = store
        self._desk = desk
        self._here: Counter[str] = Counter()  # open pages of this gateway, by login

    @contextmanager
    def here(self, login: str) -> Iterator[None]:
        """The agent is there for as long as the block lasts."""
        self._here[login] += 1
        try:
            yield
        finally:
            self._here[login] -= 1
            self._here += Counter()

    async def note(self, login: str) -> None:
        """Say once that an agent is there; of one with a page here that is said all the time."""
        if login not in self._here:
            await self._attendance.note((login,))

    async def watch(self) -> None:
        """Say who is here, and give back the callers of those who are gone, until cancelled."""
        loop = asyncio.get_running_loop()
        sure_from = loop.time() + SURE_SECONDS
        while True:
            began = loop.time()
            await asyncio.sleep(BEAT_SECONDS)
            await self._attendance.note(tuple(self._here))
            there = await self._attendance.there()
            late = loop.time() - began > BEAT_SECONDS + LATE_SECONDS
            if there is None or late:
                sure_from = loop.time() + SURE_SECONDS
            elif loop.time() >= sure_from:
                await self.give_back(there)

    async def give_back(self, there: frozenset[str]) -> int:
        """Give back every caller whose agent is not among those; how many there were."""
        given = 0
        try:
            async with self._store.read() as records:
                gone = (await records.handoffs.agents()).keys() - there
                taken = await records.handoffs.accepted() if gone else []
            for handoff in taken:
                if handoff.agent is None or handoff.agent in there:
                    continue
                await self._desk.release(handoff.id, agent=handoff.agent, to="queue")
                log.warning("desk.agent_lost", handoff=handoff.id)
                given += 1
        except HotlineError as error:  # records away, or another gateway was first
            log.info("desk.give_back_failed", reason=type(error).__name__)
        return given
