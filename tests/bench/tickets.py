"""Figures of the tickets: sweeps, openings, deadlines with three workers, the monthly report.

``HOTLINE_BENCH_SCALE`` (default 1) makes the crowds smaller where time is short.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import SHANGHAI, now
from bot.desk import Desk
from bot.reporting.monthly import MonthlyReport, following, monthly
from bot.rules.ticket import Draft
from bot.store import Store
from bot.worker import LOG_SECONDS
from tests.bench.crowd import Crowd
from tests.bench.deaths import endured, survived
from tests.bench.measurement import Measurement
from tests.bench.routing import routed
from tests.bench.workers import punctuality
from tests.postgres import cluster

SCALE = float(os.environ.get("HOTLINE_BENCH_SCALE", "1"))
OPEN = round(1_000_000 * SCALE)
OPENINGS = round(5_000 * SCALE)
FIRST = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)

DRAFT = Draft(
    content="棠下村口马路边的路灯不亮三天了",
    category="市政设施",
    district="天河区",
    name="陈先生",
    phone="13800138000",
)


DATABASES = ("SQLite", "PostgreSQL")


def measure() -> Iterator[Measurement]:
    """All parts, in the order of ``PARTS``."""
    for part in PARTS.values():
        yield from part()


def opening() -> Iterator[Measurement]:
    """How soon a caller has the number of a ticket."""
    with database("SQLite") as url:
        yield asyncio.run(opened(url))


def sweeps() -> Iterator[Measurement]:
    """Sweeps of a million open tickets."""
    for name in DATABASES:
        with database(name) as url:
            yield from swept(name, url)


def report() -> Iterator[Measurement]:
    """The monthly report over a million tickets of the month and as many of the month before."""
    for name in DATABASES:
        with database(name) as url:
            yield from reported(name, url)


def marks() -> Iterator[Measurement]:
    """Three workers over a crowd of open tickets."""
    for name in DATABASES:
        with database(name) as url:
            yield from punctuality(name, url, round(200_000 * SCALE))


def kills() -> Iterator[Measurement]:
    """Writers, workers and PostgreSQL killed, many times a second, a thousand tickets in a row."""
    for name in DATABASES:
        yield from survived(name, round(200 * SCALE))


def outages() -> Iterator[Measurement]:
    """The whole hotline under callers who retry: worker, gateway, actions, Redis, PostgreSQL."""
    for name in DATABASES:
        yield from endured(name, round(200 * SCALE))


PARTS = {
    "opening": opening,
    "sweeps": sweeps,
    "report": report,
    "marks": marks,
    "kills": kills,
    "outages": outages,
    "routing": routed,
}


@contextmanager
def database(name: str) -> Iterator[str]:
    """An empty database of a kind, its schema in place."""
    if name == "SQLite":
        with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
            url = f"sqlite+aiosqlite:///{Path(folder) / 'hotline.db'}"
            asyncio.run(made(url))
            yield url
    else:
        with cluster("shared_buffers=512MB", "max_wal_size=8GB", "max_connections=60") as server:
            url = server.create("bench")
            asyncio.run(made(url))
            yield url


async def made(url: str) -> None:
    """Bring the schema in."""
    await (await Store.open(url)).close()


def swept(name: str, url: str) -> Iterator[Measurement]:
    """How long it takes to find and take what is due, and whether closed tickets slow it."""
    crowd = Crowd(url, FIRST)
    crowd.add("A", OPEN, open=True)
    crowd.add("B", OPEN // 10, open=False)
    few = asyncio.run(sweep(url, FIRST + timedelta(minutes=5)))
    crowd.add("C", OPEN - OPEN // 10, open=False)
    many = asyncio.run(sweep(url, FIRST + timedelta(minutes=10)))
    size = f"{OPEN:,} open"
    yield Measurement(
        f"sweep of what is due, {size}, {name}, p95", many, "ms", goal=50, better="lower"
    )
    yield Measurement(f"the same sweep with a tenth of the closed tickets, {name}, p95", few, "ms")


async def sweep(url: str, first: datetime) -> float:
    """p95 of 60 sweeps as the worker makes them, each with about a hundred marks due."""
    store = await Store.open(url)
    taken = []
    for number in range(60):
        at = first + timedelta(seconds=number * 5)
        began = time.perf_counter()
        async with store.begin() as records:
            await records.deadlines.claim(at, 100)
        taken.append((time.perf_counter() - began) * 1000)
    await store.close()
    return round(statistics.quantiles(taken, n=20)[-1], 1)


async def seconds_of_a_report(url: str, start: datetime) -> tuple[float, MonthlyReport]:
    """The whole report of the month that begins at ``start``, as the desk and the command ask."""
    store = await Store.open(url)
    began = time.perf_counter()
    found = await monthly(store, start)
    seconds = time.perf_counter() - began
    await store.close()
    return round(seconds, 2), found


def reported(name: str, url: str) -> Iterator[Measurement]:
    """The report of November, with as many tickets in October."""
    november = datetime(2026, 11, 1, tzinfo=SHANGHAI)
    Crowd(url, following(november)).add("A", OPEN, open=False)
    Crowd(url, november).add("B", OPEN, open=False)
    seconds, found = asyncio.run(seconds_of_a_report(url, november))
    counted = sum(row.month.received for row in found.units)
    if not OPEN * 0.99 <= counted <= OPEN * 1.01:
        raise RuntimeError(f"the report saw {counted} tickets of {OPEN}")
    size = f"{OPEN:,} tickets and as many the month before"
    yield Measurement(f"monthly report over {size}, {name}", seconds, "s", goal=10, better="lower")


async def checkpoints(store: Store) -> None:
    """What a worker does for SQLite's log."""
    while True:
        await asyncio.sleep(LOG_SECONDS)
        await store.checkpoint()


async def opened(url: str) -> Measurement:
    """p95 of opening a ticket, fifty callers at a time, each waiting for its answer."""
    store = await Store.open(url)
    desk = Desk(store)
    taken: list[float] = []

    async def caller(number: int) -> None:
        for turn in range(OPENINGS // 50):
            began = time.perf_counter()
            key = f"{number}-{turn}"
            await desk.open(DRAFT, key=key, session_id="s", by="bench", at=now())
            taken.append((time.perf_counter() - began) * 1000)

    await desk.open(DRAFT, key="first", session_id="s", by="bench", at=now())
    async with asyncio.TaskGroup() as group:
        beside = group.create_task(checkpoints(store))  # as a worker does
        await asyncio.gather(*(caller(number) for number in range(50)))
        beside.cancel()
    await store.close()
    p95 = round(statistics.quantiles(taken, n=20)[-1], 1)
    return Measurement(
        "opening a ticket, 50 at a time, SQLite, p95", p95, "ms", goal=60, better="lower"
    )
