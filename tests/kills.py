"""Kills at random moments under load: is anything acknowledged lost, is anything done twice?

Writers open tickets as callers who retry with the same key until they are answered, and note
every answer on disk. Workers deliver to a stand-in dispatch system. One of them, or PostgreSQL
itself, is killed (SIGKILL) again and again, and started again at once. Processes are forked from
one that has everything loaded.
"""

import asyncio
import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

from bot.clock import now
from bot.desk import Desk
from bot.dispatch import HttpDispatcher
from bot.rules.errors import Unavailable
from bot.rules.ticket import Draft, Ticket, TicketStatus
from bot.store import Store, TicketFilter
from bot.store.history import broken_at
from bot.worker import Worker
from tests.dispatch_system import SECRET, dispatch_system
from tests.postgres import Cluster

WRITERS, WORKERS, CALLERS = 2, 2, 4
DRAFT = Draft(content="马路边的路灯不亮", category="市政设施/路灯", district="天河区")
forked = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Verdict:
    """What came of it. All but the first two ought to be 0."""

    kills: int
    acknowledged: int
    lost: int
    doubled: int
    delivered_twice: int
    undelivered: int
    broken_histories: int


async def write(url: str, notes: Path, name: str) -> None:
    """A gateway's callers: each retries one key until it is answered, then takes the next."""
    store = await opened(url)
    desk = Desk(store)

    async def caller(number: int) -> None:
        with (notes / f"{name}-{number}").open("a", buffering=1) as answers:
            done = len((notes / f"{name}-{number}").read_text().splitlines())
            while True:
                key = f"{name}-{number}-{done}"
                try:
                    ticket = await desk.open(DRAFT, key=key, session_id="s", by="w", at=now())
                    ticket = await desk.open(DRAFT, key=key, session_id="s", by="w", at=now())
                except Unavailable:
                    await asyncio.sleep(0.05)
                    continue
                print(key, ticket.ticket_no, file=answers)
                os.fsync(answers.fileno())
                done += 1
                await asyncio.sleep(0.02)

    await asyncio.gather(*(caller(number) for number in range(CALLERS)))


async def work(url: str, address: str) -> None:
    """A worker."""
    store = await opened(url)
    await Worker(store, Desk(store), HttpDispatcher(address, SECRET)).run()


async def opened(url: str) -> Store:
    while True:
        try:
            return await Store.open(url, pool=4)
        except Unavailable:
            await asyncio.sleep(0.1)


def _run(function: Callable[..., object], *args: object) -> None:
    asyncio.run(function(*args))  # type: ignore[arg-type]


class Cast:
    """The processes that are killed and started again."""

    def __init__(self, url: str, address: str, notes: Path) -> None:
        self._roles = {f"writer{n}": (write, url, notes, f"writer{n}") for n in range(WRITERS)}
        self._roles |= {f"worker{n}": (work, url, address) for n in range(WORKERS)}
        self._processes: dict[str, BaseProcess] = {}

    def start(self, *names: str) -> None:
        """Start these, or all."""
        for name in names or tuple(self._roles):
            process = forked.Process(target=_run, args=self._roles[name])
            process.start()
            self._processes[name] = process

    def kill(self, *names: str) -> None:
        """Kill these, or all."""
        for name in names or tuple(self._processes):
            process = self._processes[name]
            process.kill()
            process.join()

    @property
    def names(self) -> tuple[str, ...]:
        """Who there is."""
        return tuple(self._roles)


async def killed(url: str, notes: Path, kills: int, server: Cluster | None) -> Verdict:
    """Kill ``kills`` times, then let everything settle, and look."""
    dice = random.Random(12345)
    await (await opened(url)).close()
    async with dispatch_system() as system:
        system.seconds = 0.005
        system.script = [dice.choice([200, 200, 503, "after", 429]) for _ in range(5000)]
        cast = Cast(url, system.url, notes)
        await asyncio.to_thread(cast.start)
        victims = [*cast.names, *(["postgresql"] if server else [])]
        try:
            for _ in range(kills):
                await asyncio.sleep(dice.uniform(0.05, 0.6))
                await asyncio.to_thread(_strike, dice.choice(victims), cast, server)
            await asyncio.sleep(1)
            await asyncio.to_thread(cast.kill, *(n for n in cast.names if n.startswith("writer")))
            system.script = []
            await drained(url)
        finally:
            await asyncio.to_thread(cast.kill)
        transfers = Counter(
            letter["ticket_no"]
            for letter in system.acted.values()
            if letter["letter"] == "transfer"
        )
    lines = [line for file in notes.iterdir() for line in file.read_text().splitlines()]
    answers = [(key, number) for key, number in (line.split() for line in lines)]
    return await _judged(url, answers, kills, transfers)


def _strike(victim: str, cast: Cast, server: Cluster | None) -> None:
    if victim == "postgresql" and server is not None:
        server.stop(signal.SIGKILL)
        time.sleep(0.2)
        server.start()
        return
    cast.kill(victim)
    cast.start(victim)


async def drained(url: str) -> None:
    """Wait until the outbox is empty: what was leased by the dead comes up again."""
    store = await opened(url)
    async with asyncio.timeout(240):
        while True:
            async with store.begin() as records:
                await records.outbox.hurry(now())
                if await records.outbox.next_at() is None:
                    break
            await asyncio.sleep(1)
    await store.close()


async def _judged(
    url: str, answers: list[tuple[str, str]], kills: int, transfers: Counter[str]
) -> Verdict:
    store = await opened(url)
    async with store.read() as records:
        known = await records.tickets.by_keys([key for key, _ in answers])
    await store.close()
    tickets, broken = await inspected(url)
    lost = sum(key not in known or known[key].ticket_no != number for key, number in answers)
    return Verdict(
        kills=kills,
        acknowledged=len(answers),
        lost=lost,
        doubled=_doubled(answers),
        delivered_twice=sum(times - 1 for times in transfers.values()),
        undelivered=undelivered(tickets, transfers),
        broken_histories=broken,
    )


async def inspected(url: str) -> tuple[list[Ticket], int]:
    """Every ticket of the records, and how many have a history whose chain is broken."""
    store = await opened(url)
    desk = Desk(store)
    tickets = await desk.tickets(TicketFilter(limit=1_000_000))
    broken = 0
    for ticket in tickets:
        broken += broken_at(await desk.history(ticket.ticket_no), ticket.version) is not None
    await store.close()
    return tickets, broken


def undelivered(tickets: list[Ticket], transfers: Counter[str]) -> int:
    """How many transferred tickets the dispatch system never got."""
    sent = [one.ticket_no for one in tickets if one.status is TicketStatus.TRANSFERRED]
    return sum(number not in transfers for number in sent)


def _doubled(answers: list[tuple[str, str]]) -> int:
    """Keys with two numbers, and numbers with two keys."""
    pairs = set(answers)
    return 2 * len(pairs) - len({key for key, _ in pairs}) - len({n for _, n in pairs})
