"""Who is at the desk now; and callers whose agent is gone, given back to the front of the queue.

An agent is there while a desk page of theirs keeps a WebSocket to any gateway. The page's gateway
says so every second or so; when nobody has said so for a few seconds, any gateway gives the
agent's callers back. A dead Redis knows nothing of anybody: nobody is gone then.
"""

import asyncio

from bot.desk import Desk
from bot.live import Live
from bot.log import logger
from bot.rules.errors import HotlineError
from bot.store import Store

log = logger(__name__)

THERE_SECONDS = 4
BEAT_SECONDS = 1.0
REDIS_BACK_SECONDS = 6.0  # after Redis was away, until every page has been heard of again


class Presence:
    """Kept by every gateway."""

    def __init__(self, live: Live, store: Store, desk: Desk) -> None:
        self._live = live
        self._store = store
        self._desk = desk

    async def beat(self, login: str) -> None:
        """Say that an agent is there, for as long as this runs."""
        while True:
            await self.note(login)
            await asyncio.sleep(BEAT_SECONDS)

    async def note(self, login: str) -> None:
        """Say once that an agent is there."""
        await self._live.set(_key(login), "there", seconds=THERE_SECONDS)

    async def there(self, login: str) -> bool:
        """Whether the agent is there."""
        return await self._live.get(_key(login)) is not None

    async def watch(self) -> None:
        """Give back the callers of agents who are gone, until cancelled."""
        sure_from = 0.0
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            if not await self._live.healthy():
                sure_from = loop.time() + REDIS_BACK_SECONDS
            elif loop.time() >= sure_from:
                await self.give_back()

    async def give_back(self) -> int:
        """Give back every caller whose agent is gone; how many there were."""
        given = 0
        try:
            async with self._store.read() as records:
                taken = await records.handoffs.accepted()
            for handoff in taken:
                if handoff.agent is None or await self.there(handoff.agent):
                    continue
                await self._desk.release(handoff.id, agent=handoff.agent, to="queue")
                log.warning("desk.agent_lost", handoff=handoff.id)
                given += 1
        except HotlineError as error:  # records away, or another gateway was first
            log.info("desk.give_back_failed", reason=type(error).__name__)
        return given


def _key(login: str) -> str:
    return f"desk:there:{login}"
