"""The phone: how soon it answers, what it mishears, how many calls it carries."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator

from bot import log
from bot.settings import Settings
from tests.bench import voice_calls, voice_ear, voice_line
from tests.bench.measurement import Measurement
from tests.bench.voice_material import percentile
from voice import equipment
from voice.engine import Engine

PEER = "production voice bots (hamming.ai)"


def measure() -> Iterator[Measurement]:
    """All rows, measured one after the other."""
    log.configure("bench", level="WARNING")
    with asyncio.Runner() as runner:
        rows = _rows()
        while True:
            try:
                yield runner.run(anext(rows))
            except StopAsyncIteration:
                return


async def _rows() -> AsyncIterator[Measurement]:
    model = equipment.recognizer(Settings())
    engine = Engine(model)
    running = asyncio.ensure_future(engine.run())
    await engine.warm_up()
    name = "demonstration model" if model.model.demonstration else model.model.name
    async for row in _latency(engine, name):
        yield row
    yield Measurement(
        "ghost characters in 10 minutes of noise, hum, ringback, tune",
        await voice_ear.ghost_words(engine), "characters", goal=0, better="lower",
    )  # fmt: skip
    yield Measurement(
        f"digits of phone numbers in groups with pauses of 1 s, {name}",
        round(100 * await voice_ear.digits_heard(engine), 1), "%", goal=98,
    )  # fmt: skip
    running.cancel()
    async for row in _interruptions():
        yield row
    async for row in _load():
        yield row


async def _latency(engine: Engine, name: str) -> AsyncIterator[Measurement]:
    cores = len(os.sched_getaffinity(0))
    load = round(os.getloadavg()[0], 1)
    reports = await voice_calls.hold(engine, 1, 12)
    what = f"end of speech to first sound, {name}, {cores} cores (load {load})"
    sounds = voice_calls.first_sounds(reports)
    yield Measurement(
        f"{what}, 1 call, p50", percentile(sounds, 50), "ms", PEER, 1500, 900, "lower"
    )
    yield Measurement(
        f"{what}, 1 call, p95", percentile(sounds, 95), "ms", PEER, 4300, 1500, "lower"
    )
    yield Measurement(
        "of which our own code, p95", percentile(voice_calls.own(reports), 95), "ms",
        goal=60, better="lower",
    )  # fmt: skip
    reports = await voice_calls.hold(engine, 20, 3)
    sounds = voice_calls.first_sounds(reports)
    yield Measurement(
        f"{what}, 20 calls, p95", percentile(sounds, 95), "ms", PEER, 4300, 2500, "lower"
    )
    yield Measurement("turns answered of 60 in 20 calls", len(sounds), "turns", goal=60)


async def _interruptions() -> AsyncIterator[Measurement]:
    middle, late = await voice_ear.silence_after_interruption()
    required = 250
    yield Measurement("interruption: voice to silence, p50", middle, "ms")
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


async def _load() -> AsyncIterator[Measurement]:
    used = await voice_line.processor_ms()
    yield Measurement(
        "processor time of a second of a call, media only", used, "ms", better="lower"
    )
    most, memory = 0, 0.0
    for calls in (25, 50, 75, 100, 125, 150):
        late, memory = await voice_line.carried(calls)
        if late:
            break
        most = calls
    yield Measurement(
        "calls on one core without a frame later than 40 ms, media only", most, "calls", goal=100
    )
    yield Measurement("memory a call", memory, "MB", goal=5, better="lower")
