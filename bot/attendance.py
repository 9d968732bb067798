"""Who is at the desk, in which state; and what that means for a caller who waits.

Presence lives in Redis: it may vanish, and pages say again who is there. With Redis away nobody
is known to be there, and nobody is known to be gone.
"""

import asyncio
import json
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.live import Live
from bot.rules.handoff import Handoff, HandoffStatus
from bot.rules.presence import Present, State, able
from bot.rules.switch import KNOWN, standing
from bot.rules.waiting import Wait, estimate
from bot.store import Store

THERE_SECONDS = 2.5  # after this without a sign an agent is gone
FRESH_SECONDS = 0.2
LOOKED_BACK = timedelta(hours=1)
GROUP, TABLE = "desk:there", "desk:agents"


class Attendance:
    """One per process."""

    def __init__(self, live: Live, store: Store, clock: Clock) -> None:
        self._live = live
        self._store = store
        self._clock = clock
        self._looking = asyncio.Lock()
        self._seen: tuple[datetime, list[Present]] | None = None

    async def note(self, logins: Collection[str]) -> None:
        """Say that these agents are there now."""
        if logins:
            await self._live.join(GROUP, logins, at=self._clock().timestamp())

    async def there(self) -> frozenset[str] | None:
        """Who is there; None when that is not known."""
        since = self._clock().timestamp() - THERE_SECONDS
        found = await self._live.joined(GROUP, since=since)
        return None if found is None else frozenset(found)

    async def arrive(self, login: str, name: str, skills: Collection[str]) -> None:
        """An agent's page opened; the state before a reload is kept."""
        before = (await self._live.table(TABLE)).get(login)
        told = json.loads(before) if before else {}
        state = State(told.get("state", State.IDLE.value))
        since = told.get("since") or self._clock().isoformat()
        await self._put(login, name, skills, state, since)

    async def set(self, login: str, state: State) -> None:
        """An agent's state from now on."""
        row = (await self._live.table(TABLE)).get(login)
        told: dict[str, Any] = json.loads(row) if row else {"name": login, "skills": []}
        since = self._clock().isoformat()
        await self._put(login, told["name"], told["skills"], state, since)
        await self._live.publish("desk", {"type": "state", "agent": login, "state": state.value})

    async def present(self) -> list[Present]:
        """Everyone who is there, by login, with how many callers each has: at most
        `FRESH_SECONDS` old. Many may ask at once, and are answered with one look."""
        async with self._looking:
            if self._seen is None or not _fresh(self._seen[0], self._clock()):
                self._seen = self._clock(), await self._look()
            return self._seen[1]

    async def _look(self) -> list[Present]:
        there = await self.there() or frozenset()
        rows = await self._live.table(TABLE)
        async with self._store.read() as records:
            taken = await records.handoffs.agents()
            switches = standing(await records.switches.last(), self._clock())
        wrap_up = int(switches["wrap_up_seconds"])
        found = []
        for login in sorted(there & rows.keys()):
            told = json.loads(rows[login])
            since = datetime.fromisoformat(told["since"])
            skills, state = tuple(told["skills"]), State(told["state"])
            one = Present(login, told["name"], skills, state, since, taken.get(login, 0))
            found.append(replace(one, state=one.after(self._clock(), wrap_up)))
        return found

    async def standing(self, session_id: str) -> tuple[int, Wait | None] | None:
        """The place of a waiting caller, and the wait where it can be told; None: not waiting."""
        async with self._store.read() as records:
            handoff = await records.handoffs.open_of(session_id)
            if handoff is None or handoff.status is not HandoffStatus.WAITING:
                return None
            place = await records.handoffs.place(handoff)
        return (place, await self._wait(handoff, place)) if place else None

    async def _wait(self, handoff: Handoff, place: int) -> Wait | None:
        at = self._clock()
        async with self._store.read() as records:
            talks = await records.handoffs.talks(handoff.skill, at - LOOKED_BACK)
            switches = standing(await records.switches.last(), at)
        serving = able(await self.present(), handoff.skill.value)
        most = int(switches.get("chats_at_once", KNOWN["chats_at_once"].usual))
        free = sum(one.free(most) for one in serving)
        return estimate(place, free, len(serving), talks)

    async def _put(
        self, login: str, name: str, skills: Collection[str], state: State, since: str
    ) -> None:
        told = {"name": name, "skills": list(skills), "state": state.value, "since": since}
        await self._live.put(TABLE, login, json.dumps(told, ensure_ascii=False))
        self._seen = None


def _fresh(seen_at: datetime, at: datetime) -> bool:
    return 0 <= (at - seen_at).total_seconds() < FRESH_SECONDS
