"""What a call knows of the desk: who has the caller, and how that changes."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict
from typing import Any, Protocol

from bot.desk import Desk
from bot.live import Live
from bot.rules.errors import HotlineError
from bot.rules.handoff import Reason
from bot.rules.session import Handler
from bot.store import Store
from voice.people.voices import Spoken


class People(Protocol):
    """`Agents`, or a stand-in."""

    def changes(self, session: str) -> AbstractAsyncContextManager[AsyncIterator[dict[str, Any]]]:
        """Events of a session."""

    async def handler(self, session: str) -> Handler | None:
        """Who has it; None where that cannot be told now."""

    async def talkers(self, session: str) -> frozenset[str]:
        """The logins that may speak to the caller."""

    async def ask(self, session: str) -> None:
        """A person is needed because the machine fails."""

    async def say(self, session: str, agent: str, text: str, spoken: Spoken) -> None:
        """An agent's words, written down."""


class Agents:
    """Those of the desk."""

    def __init__(self, store: Store, desk: Desk, live: Live) -> None:
        self._store, self._desk, self._live = store, desk, live

    def changes(self, session: str) -> AbstractAsyncContextManager[AsyncIterator[dict[str, Any]]]:
        return self._live.subscribe(f"session:{session}")

    async def handler(self, session: str) -> Handler | None:
        try:
            async with self._store.read() as records:
                return (await records.sessions.get(session)).handler
        except HotlineError:
            return None

    async def talkers(self, session: str) -> frozenset[str]:
        async with self._store.read() as records:
            handoff = await records.handoffs.open_of(session)
        if handoff is None or handoff.agent is None:
            return frozenset()
        return frozenset((handoff.agent, *handoff.guests))

    async def ask(self, session: str) -> None:
        await self._desk.hand_off(session, reason=Reason.FAILURE, summary="")

    async def say(self, session: str, agent: str, text: str, spoken: Spoken) -> None:
        await self._desk.say(session, agent=agent, text=text, voice=asdict(spoken))


async def until_taken(people: People, session: str) -> None:
    """Returns at the moment when an agent has the caller."""
    async with people.changes(session) as events:
        if await people.handler(session) is Handler.AGENT:
            return
        async for event in events:
            told = event["type"] in ("handoff", "gap")
            if told and await people.handler(session) is Handler.AGENT:
                return
