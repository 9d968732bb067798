"""The worker: strikes the clocks, delivers the outbox. Safe to run any number of times at once."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.channels.wechat.postman import Postman
from bot.channels.wechat.wiring import postman
from bot.clock import Clock, now
from bot.desk import Desk, supplement
from bot.dispatch import Dispatcher, Parcel, open_dispatcher
from bot.live import Live
from bot.log import logger
from bot.rules.errors import Rejected, Unavailable
from bot.rules.ticket import Command
from bot.settings import Settings
from bot.store import Attachment, Identity, Letter, Records, Store
from bot.weekly import gather
from bot.wiring import Office, recordings
from knowledge_base.holidays import unknown_years

log = logger(__name__)

SWEEP_SECONDS = 0.2  # a mark that nobody knew of is struck at most this late
AWAY_SECONDS = 1.0  # how long to leave a database alone that does not answer
STALE_SECONDS = 30.0  # a worker that has not swept for so long is not well
LOG_SECONDS = 2.0  # how often SQLite's log is brought into its file
FORGET_SECONDS = 3600.0
GATHER_SECONDS = 3600.0
LEASE_SECONDS = 60.0
MARKS = 500
LETTERS = 50
ATTEMPTS = 12  # over about an hour and a half, then a dead letter
LONGEST_WAIT_SECONDS = 900.0


@dataclass
class Pulse:
    """What the worker last did, for its health."""

    swept_at: datetime | None = None
    delivered_at: datetime | None = None
    struck: int = 0
    delivered: int = 0
    failed: int = 0
    lateness_seconds: float = 0.0


class Worker:
    """The loops of one worker process."""

    def __init__(
        self, store: Store, desk: Desk, dispatcher: Dispatcher, clock: Clock = now
    ) -> None:
        self._store = store
        self._desk = desk
        self._dispatcher = dispatcher
        self._clock = clock
        self.pulse = Pulse()
        self._next_mark_at: datetime | None = None

    async def run(self, postman: Postman | None = None) -> None:
        """Work until cancelled. ``postman``: answers WeChat, where an account is set up."""
        async with asyncio.TaskGroup() as group:
            if postman is not None:
                group.create_task(postman.run())
            group.create_task(self._loop("clocks", self.strike, self._until_next_mark))
            group.create_task(self._loop("outbox", self.deliver, lambda: SWEEP_SECONDS))
            group.create_task(self._loop("log", self._store.checkpoint, lambda: LOG_SECONDS))
            group.create_task(self._loop("retention", self.forget, lambda: FORGET_SECONDS))
            group.create_task(self._loop("gaps", self.gather, lambda: GATHER_SECONDS))

    async def strike(self) -> int:
        """Strike what is due now; how much it was."""
        at = self._clock()
        async with self._store.read() as records:  # looking takes no lock
            next_at = await records.deadlines.next_due_at()
        self._next_mark_at = next_at
        struck = []
        if next_at is not None and next_at <= at:
            struck = await self._desk.strike(at, MARKS)
        self.pulse.swept_at = at
        self.pulse.struck += len(struck)
        if struck:
            self.pulse.lateness_seconds = (at - struck[0].due_at).total_seconds()
            log.info("clocks.struck", count=len(struck), late=self.pulse.lateness_seconds)
        return len(struck)

    def _until_next_mark(self) -> float:
        """Seconds to the next mark that is known; at most until the next look for new ones.

        A little more or less, so that of several workers mostly one finds it due.
        """
        if self._next_mark_at is None:
            return SWEEP_SECONDS
        left = (self._next_mark_at - self._clock()).total_seconds()
        return min(max(left, 0.0) + random.uniform(0.005, 0.03), SWEEP_SECONDS)

    async def deliver(self) -> int:
        """Deliver what is in the outbox and has come up; how much it was."""
        async with self._store.read() as records:
            next_at = await records.outbox.next_at()
        if next_at is None or next_at > self._clock():
            return 0
        async with self._store.begin() as records:
            letters = await records.outbox.lease(self._clock(), LEASE_SECONDS, LETTERS)
            numbers = [one.ticket_no for one in letters if not one.payload.get("sealed", True)]
            callers = await records.tickets.identities(numbers)
            going = [one.ticket_no for one in letters if one.kind == Command.TRANSFER.value]
            added = await records.attachments.of_tickets(going)
        parcels = [_parcel(one, callers.get(one.ticket_no), added) for one in letters]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._attempt(parcel)) for parcel in parcels]
        errors = [task.result() for task in tasks]
        async with self._store.begin() as records:
            for letter, error in zip(letters, errors, strict=True):
                if error is not None:
                    await self._failed(records, letter, error)
            there = [one.id for one, error in zip(letters, errors, strict=True) if error is None]
            await records.outbox.sent(there, self._clock())
        self.pulse.delivered += len(there)
        self.pulse.delivered_at = self._clock()
        return len(letters)

    async def _attempt(self, parcel: Parcel) -> Unavailable | Rejected | None:
        try:
            await self._dispatcher.deliver(parcel)
        except (Unavailable, Rejected) as error:
            return error
        return None

    async def _failed(
        self, records: Records, letter: Letter, error: Unavailable | Rejected
    ) -> None:
        """Again later, twice as late each time; what is refused or failed for long is dead."""
        self.pulse.failed += 1
        told = {"key": letter.key, "attempts": letter.attempts, "error": str(error)}
        if isinstance(error, Rejected) or letter.attempts >= ATTEMPTS:
            log.error("outbox.dead", **told)
            await records.outbox.died(letter.id, str(error))
            return
        log.warning("outbox.failed", **told)
        wait = min(2.0**letter.attempts, LONGEST_WAIT_SECONDS) * random.uniform(0.5, 1.0)
        next_at = self._clock() + timedelta(seconds=wait)
        await records.outbox.failed(letter.id, str(error), next_at)

    async def forget(self) -> int:
        """Erase what is older than it may be; how much it was."""
        return await self._desk.forget_old(self._clock())

    async def gather(self) -> int:
        """Bring together what callers asked in vain last week; how many matters it was."""
        return await gather(self._store, self._clock())

    async def _loop(
        self, name: str, once: Callable[[], Awaitable[int]], idle: Callable[[], float]
    ) -> None:
        """``once`` again at once while it finds work, else after ``idle()`` seconds."""
        while True:
            try:
                wait = 0.0 if await once() else idle()
            except* Unavailable as errors:
                log.warning("worker.waits", loop=name, error=str(errors.exceptions[0]))
                wait = AWAY_SECONDS
            await asyncio.sleep(wait)

    def health(self) -> dict[str, Any]:
        """What the worker says of itself; ``ok`` false when its sweeps have stopped."""
        swept_at = self.pulse.swept_at
        fresh = swept_at is not None and (
            (self._clock() - swept_at).total_seconds() < STALE_SECONDS
        )
        return {
            "ok": fresh,
            "swept_at": swept_at.isoformat() if swept_at else None,
            "struck": self.pulse.struck,
            "lateness_seconds": self.pulse.lateness_seconds,
            "delivered": self.pulse.delivered,
            "failed": self.pulse.failed,
        }


def _parcel(
    letter: Letter, caller: Identity | None, added: Mapping[str, Sequence[Attachment]]
) -> Parcel:
    """The letter, with the caller's name and number where they are not sealed from the unit. A
    transfer names what the caller has added so far; later additions are letters of their own."""
    payload = letter.payload
    if caller is not None:
        payload = payload | {"name": caller.name, "phone": caller.phone}
    if letter.kind == Command.TRANSFER.value:
        there = (a for a in added.get(letter.ticket_no, ()) if a.added_at <= letter.created_at)
        supplements = [supplement(one) for one in there]
        payload = payload | {"supplements": supplements}
    return Parcel(letter.key, letter.kind, payload)


@asynccontextmanager
async def health_at(worker: Worker, host: str, port: int) -> AsyncIterator[None]:
    """Answer ``/health`` while the block lasts: 200 when well, 503 when not."""

    async def answer(_: web.Request) -> web.Response:
        told = worker.health()
        return web.json_response(told, status=200 if told["ok"] else 503)

    app = web.Application()
    app.router.add_get("/health", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield
    finally:
        await runner.cleanup()


async def serve(settings: Settings) -> None:
    """Wire a worker from the settings and run it until cancelled."""
    secret = settings.dispatch_secret.get_secret_value()
    dispatcher = open_dispatcher(settings.dispatch, secret)
    live = Live(settings.redis)
    store = await Store.open(settings.database)
    try:
        desk = Desk(store, live, erase=recordings(settings).erase)
        worker = Worker(store, desk, dispatcher)
        async with (
            postman(settings, Office(store, live, desk)) as answering,
            health_at(worker, "127.0.0.1", settings.worker_port),
        ):
            log.info("worker.started", dispatch=settings.dispatch)
            for year in unknown_years(now()):
                log.warning("calendar.year_unknown", year=year, file="knowledge_base/holidays.yml")
            await worker.run(answering)
    finally:
        await dispatcher.close()
        await live.close()
        await store.close()
