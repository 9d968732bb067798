"""The phone: how soon it answers, what it mishears, how many calls it carries."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import uvloop

from bot import log
from bot.settings import Settings
from tests.bench import (
    voice_calls,
    voice_ear,
    voice_greetings,
    voice_killed,
    voice_line,
    voice_peer,
)
from tests.bench.measurement import Measurement
from tests.bench.voice_material import percentile
from voice import equipment
from voice.engine import Engine

PUBLISHED = "production voice bots (hamming.ai)"
CROWDS = (25, 50, 75, 100, 125, 150, 200)
GOAL_CALLS = 100

Rows = AsyncIterator[Measurement]


def measure() -> Iterator[Measurement]:
    """All parts, in the order of ``PARTS``."""
    for part in PARTS.values():
        yield from part()


def part(rows: Callable[[], Rows]) -> Callable[[], Iterator[Measurement]]:
    """A part as the command wants it: measured row by row, in a loop of its own."""

    def measured() -> Iterator[Measurement]:
        log.configure("bench", level="ERROR")
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            found = rows()
            while True:
                try:
                    yield runner.run(anext(found))
                except StopAsyncIteration:
                    return

    return measured


@asynccontextmanager
async def recogniser() -> AsyncIterator[tuple[Engine, str]]:
    """The best at hand, warm, and its name."""
    model = equipment.recognizer(Settings())
    engine = Engine(model)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(engine.run())
        await engine.warm_up()
        name = "demonstration model" if model.model.demonstration else model.model.name
        yield engine, name
        running.cancel()


def machine() -> str:
    """What the figures depend on."""
    cores, load = len(os.sched_getaffinity(0)), os.getloadavg()[0]
    return f"{cores} cores, load {load:.1f}"


async def latency() -> Rows:
    """How soon we answer one caller, and twenty."""
    async with recogniser() as (engine, name):
        what = f"end of speech to first sound, {name}, {machine()}"
        reports = await voice_calls.hold(engine, 1, 12)
        sounds = voice_calls.first_sounds(reports)
        for share, published, goal in ((50, 1500, 900), (95, 4300, 1500)):
            yield Measurement(
                f"{what}, 1 call, p{share}", percentile(sounds, share), "ms",
                PUBLISHED, published, goal, "lower",
            )  # fmt: skip
        yield Measurement(
            "of which our own code, p95", percentile(voice_calls.own(reports), 95), "ms",
            goal=60, better="lower",
        )  # fmt: skip
        for stage, times in voice_calls.stages(reports).items():
            yield Measurement(f"of which {stage}, p50", percentile(times, 50), "ms", better="lower")
        reports = await voice_calls.hold(engine, 20, 3)
        sounds = voice_calls.first_sounds(reports)
        yield Measurement(
            f"{what}, 20 calls, p95", percentile(sounds, 95), "ms",
            PUBLISHED, 4300, 2500, "lower",
        )  # fmt: skip
        yield Measurement("turns answered of 60 in 20 calls", len(sounds), "turns", goal=60)


async def peer() -> Rows:
    """The same audio, detector, model and answers through pipecat, in its own environment."""
    async with recogniser() as (engine, _):
        async for row in voice_peer.compared(engine):
            yield row


async def ghosts() -> Rows:
    """Words that nobody said."""
    async with recogniser() as (engine, _):
        yield Measurement(
            "ghost characters in 10 minutes each of noise, a street, hum, ringback, a tune",
            await voice_ear.ghost_words(engine), "characters", goal=0, better="lower",
        )  # fmt: skip


async def digits() -> Rows:
    """A phone number, said in groups."""
    async with recogniser() as (engine, name):
        share = await voice_ear.digits_heard(engine)
        what = f"digits of phone numbers in groups with pauses of 1 s, {name}"
        yield Measurement(what, round(100 * share, 1), "%", goal=98)


async def interruptions() -> Rows:
    """How soon we fall silent, and how often for nothing."""
    middle, late = await voice_ear.silence_after_interruption()
    required = 250
    yield Measurement("interruption: voice to silence, p50", middle, "ms", better="lower")
    yield Measurement("interruption: voice to silence, p95", late, "ms", better="lower")
    yield Measurement(
        "interruption: silence after the required 250 ms of voice, p95",
        round(late - required, 1), "ms", goal=150, better="lower",
    )  # fmt: skip
    for echo, noise, what in (
        (-20.0, None, "echo at -20 dB"),
        (None, 10.0, "noise at 10 dB"),
        (-20.0, 10.0, "both at once"),
    ):
        yield Measurement(
            f"false interruptions in 10 minutes of our voice, {what}",
            await voice_ear.false_interruptions(echo, noise), "times", goal=1, better="lower",
        )  # fmt: skip
    lines = 200
    broken = await asyncio.to_thread(voice_greetings.broken_off, lines)
    yield Measurement(
        f"first words broken off by their echo under a street, of {lines} lines", broken, "lines",
        goal=2, better="lower",
    )  # fmt: skip


async def capacity() -> Rows:
    """How many calls one core carries without the recogniser, and what a call weighs."""
    most, memory, late = 0, 0.0, 0.0
    for calls in CROWDS:
        carried = await voice_line.carried(calls)
        memory = carried.megabytes
        if calls == GOAL_CALLS:
            what = f"processor time of a second of a call, {calls} calls, media only, {machine()}"
            yield Measurement(what, carried.processor_ms, "ms", goal=7, better="lower")
        late = late or carried.late / carried.frames
        if late and calls >= GOAL_CALLS:
            break
        most = most if late else calls
    yield Measurement(
        f"calls on one core without a frame later than 40 ms, media only, {machine()}",
        most, "calls", goal=GOAL_CALLS,
    )  # fmt: skip
    yield Measurement("frames late at the first number too many", round(100 * late, 3), "%")
    yield Measurement("memory a call", memory, "MB", goal=5, better="lower")


async def endurance() -> Rows:
    """Memory over thousands of calls."""
    early, late, calls = await voice_line.endured()
    yield Measurement(f"memory after {calls // 10} calls", early, "MB", better="lower")
    yield Measurement(
        f"memory that {calls - calls // 10} calls add to that", round(late - early, 1), "MB",
        goal=10, better="lower",
    )  # fmt: skip


async def killed() -> Rows:
    """The voice process killed under its callers."""
    held, lost = await voice_killed.calls_lost(50)
    yield Measurement(
        f"calls lost when the voice process is killed, of {held}", lost, "calls",
        goal=0, better="lower",
    )  # fmt: skip


PARTS = {
    "latency": part(latency),
    "peer": part(peer),
    "ghosts": part(ghosts),
    "digits": part(digits),
    "interruptions": part(interruptions),
    "capacity": part(capacity),
    "endurance": part(endurance),
    "killed": part(killed),
}
