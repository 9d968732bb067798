"""Answers what WeChat pushed: takes each person's line, hears what waits, sends what was said.

Any number of postmen may work at once: a line is one postman's for the time of its claim. A
postman that dies in the instant between WeChat's answer and our note of it is the one case in
which a message goes out again: WeChat has no key by which it would know it.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.channels.wechat.delivery import Delivery
from bot.channels.wechat.hearing import Listener
from bot.channels.wechat.held import LEASE_SECONDS, Held, LineLost
from bot.channels.wechat.intake import Intake
from bot.channels.wechat.news import Newsroom
from bot.clock import Clock
from bot.log import bind, logger
from bot.rules.errors import HotlineError, Unavailable
from bot.store import Line, Push, Store

log = logger(__name__)

AT_ONCE = 8
LONGEST_WAIT_SECONDS = 120.0
SPARE = 2  # places of the window that are left while there is more to hear
WAKE_SECONDS = 1.0
SWEEP_SECONDS = 0.2


class Postman:
    """One per process."""

    def __init__(self, store: Store, listener: Listener, news: Newsroom, clock: Clock) -> None:
        self._store = store
        self._intake = Intake(listener)
        self._delivery = Delivery(listener.platforms, news)
        self._newsroom = news
        self._clock = clock
        self._woken_at: datetime | None = None

    async def run(self) -> None:
        """Work until cancelled, on several lines at once."""
        places = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as group:
            while True:
                await places.acquire()
                line = await self._next()
                if line is None:
                    places.release()
                    await asyncio.sleep(SWEEP_SECONDS)
                else:
                    group.create_task(self._serve_in(places, line))

    async def work(self) -> int:
        """Work on all that is due now, one after the other; on how many lines it was."""
        count = 0
        while (line := await self._next()) is not None:
            await self._serve(line)
            count += 1
        return count

    async def _next(self) -> Line | None:
        """A line with work to do, claimed; None when there is none, or no database."""
        at = self._clock()
        try:
            async with self._store.read() as records:
                next_at = await records.lines.next_due_at()
            if (next_at is None or next_at > at) and not await self._wake(at):
                return None
            async with self._store.begin() as records:
                claimed = await records.lines.claim(at, LEASE_SECONDS, 1)
        except Unavailable as error:
            log.warning("wechat.records_away", reason=str(error))
            return None
        return claimed[0] if claimed else None

    async def _serve_in(self, places: asyncio.Semaphore, line: Line) -> None:
        try:
            await self._serve(line)
        finally:
            places.release()

    async def _wake(self, at: datetime) -> int:
        """Look for what agents have said and for news, once a second."""
        if self._woken_at is not None and (at - self._woken_at).total_seconds() < WAKE_SECONDS:
            return 0
        self._woken_at = at
        async with self._store.read() as records:
            behind = await records.lines.behind(at)
        if behind:
            async with self._store.begin() as records:
                await records.lines.wake(behind, at)
        return len(behind) + await self._newsroom.gather(at)

    async def _serve(self, line: Line) -> None:
        """Converse, and give the line back; where even that fails, its lease ends by itself."""
        held = Held(self._store, self._clock, line)
        with bind(person=line.person):
            try:
                try:
                    again_at = await self._converse(held)
                    failures = 0
                except HotlineError as error:
                    failures = line.failures + 1
                    log.warning("wechat.waits", failures=failures, reason=str(error))
                    again_at = self._clock() + _backoff(failures)
                await held.release(again_at, failures)
            except LineLost:
                log.warning("wechat.line_lost")
            except HotlineError as error:
                log.warning("wechat.line_kept", reason=str(error))

    async def _converse(self, held: Held) -> datetime | None:
        """Hear all that waits and send all that may be sent; when to come again without cause.

        What the caller pushed meanwhile has opened the window already, and opens it no further
        when its turn comes: it is heard too before the last places of the window are used.
        """
        async with self._store.read() as records:
            person = await records.people.get(held.line.person)
        while pushes := await self._waiting(held):
            for push in pushes:
                session_id = await self._intake.session_of(held, push)
                if session_id != held.line.session_id:  # what is left of the old one goes first
                    await self._delivery.talk(held, person, spare=1)
                await self._intake.take(held, push, person, session_id)
                if push is not pushes[-1]:
                    await self._delivery.talk(held, person, spare=SPARE)
        again_at = await self._delivery.talk(held, person)
        return again_at or await self._delivery.news(held, person)

    async def _waiting(self, held: Held) -> Sequence[Push]:
        async with self._store.read() as records:
            return await records.inbox.waiting(held.line.person)


def _backoff(failures: int) -> timedelta:
    return timedelta(seconds=min(0.25 * 2.0**failures, LONGEST_WAIT_SECONDS))
