"""One clock for all lines: nobody's beats are lost, and nobody rushes after a stall."""

import asyncio
import time

import numpy as np

from voice.metronome import Metronome


async def test_every_line_gets_fifty_beats_a_second() -> None:
    metronome, counts = Metronome(), [0] * 10
    struck = [time.monotonic()]

    def line(number: int) -> None:
        counts[number] += 1
        struck.append(time.monotonic())

    beats = [lambda number=number: line(number) for number in range(10)]
    for beat in beats:
        metronome.join(beat)
    begun = time.monotonic()
    await asyncio.sleep(0.5)
    for beat in beats:
        metronome.leave(beat)
    due = (time.monotonic() - begun) * 50
    gaps = np.diff([*struck, time.monotonic()])
    stalled = gaps[gaps > 0.05].sum() * 50  # beats that a busy machine may have passed over
    assert max(counts) - min(counts) <= 1
    assert due - stalled - 2 <= counts[0] <= due + 2
    after = list(counts)
    await asyncio.sleep(0.05)
    assert counts == after


async def test_a_stall_is_not_made_up_for_beyond_a_tenth_of_a_second() -> None:
    metronome, beats = Metronome(), list[float]()

    def beat() -> None:
        beats.append(time.monotonic())

    metronome.join(beat)
    await asyncio.sleep(0.05)
    time.sleep(0.5)  # noqa: ASYNC251 - the stall
    stalled = time.monotonic()
    await asyncio.sleep(0.06)
    metronome.leave(beat)
    assert sum(at > stalled for at in beats) <= 5 + (time.monotonic() - stalled) * 50 + 1


async def test_one_that_leaves_during_its_beat_leaves_the_others() -> None:
    metronome, counts = Metronome(), {"short": 0, "long": 0}

    def short() -> None:
        counts["short"] += 1
        metronome.leave(short)

    def long() -> None:
        counts["long"] += 1

    metronome.join(short)
    metronome.join(long)
    async with asyncio.timeout(10):
        while counts["long"] < 2:
            await asyncio.sleep(0.02)
    metronome.leave(long)
    assert counts["short"] == 1
