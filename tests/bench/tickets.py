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
from bot.rules.ticket import Draft
from bot.store import Store
from tests.bench.crowd import Crowd
from tests.bench.measurement import Measurement
from tests.bench.workers import punctuality
from tests.kills import killed
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


def measure() -> Iterator[Measurement]:
    """All figures, SQLite first."""
    for name in ("SQLite", "PostgreSQL"):
        with database(name) as url:
            yield from swept(name, url)
    with database("SQLite") as url:
        yield asyncio.run(opened(url))
    for name in ("SQLite", "PostgreSQL"):
        with database(name) as url:
            yield from punctuality(name, url, round(200_000 * SCALE))
    for name in ("SQLite", "PostgreSQL"):
        yield from survived(name, round(200 * SCALE))


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
    seconds = asyncio.run(reported(url))
    yield Measurement(
        f"monthly report over {OPEN:,} tickets, {name}", seconds, "s", goal=10, better="lower"
    )


def survived(name: str, kills: int) -> Iterator[Measurement]:
    """What is lost or doubled when workers, writers and the server are killed under load."""
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        notes = Path(folder) / "notes"
        notes.mkdir()
        if name == "SQLite":
            url = f"sqlite+aiosqlite:///{Path(folder) / 'hotline.db'}"
            verdict = asyncio.run(killed(url, notes, kills, None))
        else:
            with cluster("max_connections=100") as server:
                url = server.create("kills")
                verdict = asyncio.run(killed(url, notes, kills, server))
    size = f"{verdict.kills} kills, {verdict.acknowledged:,} acknowledged, {name}"
    lost = verdict.lost + verdict.undelivered + verdict.broken_histories
    doubled = verdict.doubled + verdict.delivered_twice
    yield Measurement(f"tickets lost, {size}", lost, "tickets", goal=0, better="lower")
    yield Measurement(f"tickets doubled, {size}", doubled, "tickets", goal=0, better="lower")


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


async def reported(url: str) -> float:
    """Everything the monthly report asks."""
    store = await Store.open(url)
    began = time.perf_counter()
    start, end = FIRST - timedelta(days=30), FIRST + timedelta(seconds=1)
    async with store.read() as records:
        units = await records.reports.units(start, end)
        await records.reports.topics(start, end)
        await records.reports.places(start, end)
    seconds = time.perf_counter() - began
    counted = sum(unit.received for unit in units)
    if counted < OPEN:
        raise RuntimeError(f"the report saw {counted} tickets of {OPEN}")
    await store.close()
    return round(seconds, 2)


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
    await asyncio.gather(*(caller(number) for number in range(50)))
    await store.close()
    p95 = round(statistics.quantiles(taken, n=20)[-1], 1)
    return Measurement(
        "opening a ticket, 50 at a time, SQLite, p95", p95, "ms", goal=60, better="lower"
    )
