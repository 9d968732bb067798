"""How many calls one core carries: a switchboard on one core, its callers on another.

Run as a module it is the callers: ``python -m tests.bench.voice_line PORT SECONDS`` reads call
ids, holds the calls, and prints how late our frames came.
"""

import asyncio
import json
import os
import random
import sys
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import uvloop

from bot.clock import now
from bot.settings import ROOT
from bot.steadiness import BEFORE_OTHERS, give_back, steady
from tests.bench.progress import Step, progress
from tests.bench.voice_ear import Nothing, Opening, Reciter
from tests.bench.voice_material import RATE, TEXTS, phone, speak
from voice.audio import to_bytes
from voice.legs.audiosocket import IDENTITY, pack
from voice.lines import Lines
from voice.service import Service
from voice.switchboard import Switchboard

FRAME = 323  # bytes of 20 ms with its head
LATE_SECONDS = 0.04


@dataclass(frozen=True)
class Carried:
    """Of all ``frames``, how many were later than 40 ms; ``megabytes`` that a call takes, and
    ``processor_ms`` of each of its seconds (ear, turns, player and network; no recogniser)."""

    late: int
    frames: int
    megabytes: float
    processor_ms: float


async def carried(calls: int, seconds: float = 8.0) -> Carried:
    """``calls`` at once, begun within a second, in a process that is steady as the voice's is."""
    steady(priority=BEFORE_OTHERS)
    lines = Lines(calls + 1)
    board = Switchboard(lines, Service(Opening(), Nothing(), Reciter(seconds), now))
    server = await board.listen("127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    ids = [lines.announce(None, time.monotonic()) for _ in range(calls)]
    cores = os.sched_getaffinity(0)
    first, *rest = sorted(cores)
    before = megabytes()
    os.sched_setaffinity(0, {first})
    try:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.voice_line", str(port), str(seconds),
            str(rest[0] if rest else first),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=ROOT,
        )  # fmt: skip
        assert child.stdin is not None
        child.stdin.write("\n".join(ids).encode())
        child.stdin.close()
        while lines.active < calls and child.returncode is None:
            await asyncio.sleep(0.05)
        begun, busy = time.monotonic(), time.process_time()
        await asyncio.sleep(seconds / 2)
        used = (megabytes() - before) / calls
        share = (time.process_time() - busy) / (time.monotonic() - begun)
        assert child.stdout is not None
        late = json.loads(await child.stdout.read())
        await child.wait()
    finally:
        os.sched_setaffinity(0, cores)
        server.close()
    frames, milliseconds = int(calls * seconds * 50), round(share / calls * 1000, 2)
    return Carried(int(late), frames, round(used, 2), milliseconds)


async def endured(calls: int = 5000, at_once: int = 20) -> tuple[float, float, int]:
    """Megabytes of this process after a tenth of ``calls``, and after all of them. Each interrupts
    the greeting with a sentence, is asked for it again, and hangs up. The last number: how many
    were held so; one that is refused on a machine too busy to read its name in time is not. The
    process is steady as the voice's is.
    """
    steady(priority=BEFORE_OTHERS)
    held_calls = 0
    lines = Lines(at_once + 1)
    board = Switchboard(lines, Service(Opening(), Nothing(), Reciter(1.0), now))
    server = await board.listen("127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    pause, quiet = np.zeros(2 * RATE, np.int16), pack(0x10, bytes(320))
    said = to_bytes(np.concatenate([phone(speak(TEXTS["interruption"])), pause]))
    sound = b"".join(pack(0x10, said[at : at + 320]) for at in range(0, len(said), 320))

    async def short_call() -> None:
        nonlocal held_calls
        call = lines.announce(None, time.monotonic())
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(pack(IDENTITY, uuid.UUID(call).bytes) + sound)
        with suppress(asyncio.IncompleteReadError):
            for _ in range(25):
                await reader.readexactly(FRAME)
                writer.write(quiet)
            held_calls += 1
        writer.close()

    async def held(number: int, step: Step) -> float:
        for _ in range(number // at_once):
            await asyncio.gather(*(short_call() for _ in range(at_once)))
            step()
        while lines.active:
            await asyncio.sleep(0.01)
        await asyncio.to_thread(give_back)
        return round(megabytes(), 1)

    with progress(f"calls, {at_once} at once", calls // at_once) as step:
        early = await held(calls // 10, step)
        late = await held(calls - calls // 10, step)
    server.close()
    return early, late, held_calls


def megabytes() -> float:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 2**20


async def _caller(port: int, call: str, seconds: float, sound: bytes) -> int:
    """Rings at a moment of a second, and speaks at one of a minute, of the caller's own."""
    own = random.Random(call)
    await asyncio.sleep(own.random())
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(pack(IDENTITY, uuid.UUID(call).bytes))
    await reader.readexactly(FRAME)
    loop = asyncio.get_running_loop()
    due, late, at = loop.time(), 0, own.randrange(0, len(sound) - 320, 320)
    for _ in range(1, int(seconds * 50)):
        await reader.readexactly(FRAME)
        due += 0.02
        if (came := loop.time()) - due > LATE_SECONDS:
            late, due = late + 1, came  # a gap that is heard once; what follows plays from here
        writer.write(pack(0x10, sound[at : at + 320]))
        at = (at + 320) % (len(sound) - 320)
    writer.close()
    return late


async def _callers(port: int, seconds: float, calls: list[str]) -> int:
    quiet = np.zeros(8000 * 3, np.int16)
    sound = to_bytes(np.concatenate([quiet, phone(speak(TEXTS["interruption"]))]))
    return sum(await asyncio.gather(*(_caller(port, c, seconds, sound) for c in calls)))


if __name__ == "__main__":
    os.sched_setaffinity(0, {int(sys.argv[3])})
    steady(priority=BEFORE_OTHERS)
    held = _callers(int(sys.argv[1]), float(sys.argv[2]), sys.stdin.read().split())
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(held)))
