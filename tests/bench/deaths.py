"""Processes and servers killed under load: what is lost, and what is done twice."""

import asyncio
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measurement import Measurement
from tests.dispatch_system import SECRET, dispatch_system
from tests.hotline import hotline
from tests.kills import Verdict, killed
from tests.outages import ENVIRONMENT, Calls, storm
from tests.postgres import Cluster, cluster


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


def endured(name: str, kills: int) -> Iterator[Measurement]:
    """What callers who retry find lost or doubled after the outages of the whole hotline."""
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        if name == "SQLite":
            url = f"sqlite+aiosqlite:///{Path(folder) / 'hotline.db'}"
            verdict, calls = asyncio.run(outlived(Path(folder), url, kills, None))
        else:
            with cluster("max_connections=100") as server:
                url = server.create("outages")
                verdict, calls = asyncio.run(outlived(Path(folder), url, kills, server))
    victims = "worker, gateway, actions, Redis" + (", PostgreSQL" if name != "SQLite" else "")
    size = f"{verdict.kills} kills of {victims}, {verdict.acknowledged:,} acknowledged, {name}"
    lost = verdict.lost + verdict.undelivered + verdict.broken_histories
    doubled = verdict.doubled + verdict.delivered_twice
    yield Measurement(f"tickets lost, {size}", lost, "tickets", goal=0, better="lower")
    yield Measurement(f"tickets doubled, {size}", doubled, "tickets", goal=0, better="lower")
    people = len(calls.to_a_person)
    yield Measurement(f"callers put through to a person meanwhile, {name}", people, "callers")
    yield Measurement(
        f"callers with neither a ticket nor a person, {name}",
        len(calls.given_up),
        "callers",
        goal=0,
        better="lower",
    )


async def outlived(
    folder: Path, url: str, kills: int, server: Cluster | None
) -> tuple[Verdict, Calls]:
    """A hotline of its own, delivering to a dispatch system that misbehaves, and the storm."""
    dice = random.Random(12345)
    async with dispatch_system() as system:
        system.script = [dice.choice([200, 200, 503, "after", 429]) for _ in range(5000)]
        settings = ENVIRONMENT | {
            "HOTLINE_DATABASE_URL": url,
            "HOTLINE_DISPATCH": system.url,
            "HOTLINE_DISPATCH_SECRET": SECRET,
        }
        async with hotline(folder, settings) as running:
            return await storm(running, url, kills, server=server, system=system)
