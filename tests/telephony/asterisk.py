"""A running Asterisk, configured by ``./hotline asterisk``, on loopback and free ports."""

import asyncio
import os
import random
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.harness import free_port
from bot.settings import ROOT, Settings
from tests.debian import ASTERISK, command

READY_SECONDS = 30.0
RTP_PORTS = 400


@dataclass
class Asterisk:
    """``line``: where calls to 12345 go; ``carrier`` and ``agent``: where it calls out to."""

    line: str
    carrier: int
    agent: int
    log: list[str] = field(default_factory=list)

    async def told(self, words: str, seconds: float = 20.0) -> None:
        """Wait until its log has a line with ``words`` in it."""
        async with asyncio.timeout(seconds):
            while not self.tells(words):
                await asyncio.sleep(0.05)

    def tells(self, words: str) -> bool:
        """Whether its log has such a line already."""
        return any(words in line for line in self.log)


@asynccontextmanager
async def asterisk(settings: Settings, *options: str, agent: int = 0) -> AsyncIterator[Asterisk]:
    """In front of the voice process that ``settings`` tell. ``agent``: the port of a telephone that
    is on already, and so is called at once; one that comes later is noticed within half a minute.
    """
    made = Asterisk(f"127.0.0.1:{free_port()}", free_port(), agent or free_port())
    rtp = random.randrange(20_000, 50_000, 2)
    with tempfile.TemporaryDirectory(prefix="hotline-asterisk-") as folder:
        state = Path(folder)
        await _configure(settings, made, state, f"{rtp}-{rtp + RTP_PORTS}", options)
        process = await asyncio.create_subprocess_exec(
            *command(ASTERISK, "usr/sbin/asterisk"),
            *("-f", "-n", "-C", str(state / "asterisk.conf")),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(_read(process, made.log))
            try:
                await made.told("Asterisk Ready", READY_SECONDS)
                yield made
            finally:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
                reading.cancel()


async def _configure(
    settings: Settings, made: Asterisk, state: Path, rtp: str, options: tuple[str, ...]
) -> None:
    written = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "asterisk", "--out", str(state)),
        *("--state", str(state), "--prefix", str(ASTERISK), "--rtp", rtp),
        *("--port", made.line.rpartition(":")[2], "--trunk", f"127.0.0.1:{made.carrier}"),
        *("--agents", "1", "--agent-contact", f"sip:agent01@127.0.0.1:{made.agent}", *options),
        cwd=ROOT,
        stdout=asyncio.subprocess.DEVNULL,
        env=os.environ
        | {
            "PYTHONPATH": str(ROOT),
            "HOTLINE_VOICE_PORT": str(settings.voice_port),
            "HOTLINE_AUDIOSOCKET_PORT": str(settings.audiosocket_port),
            "HOTLINE_ASTERISK_MANAGER": settings.asterisk_manager,
            "HOTLINE_ASTERISK_SECRET": settings.asterisk_secret.get_secret_value(),
        },
    )
    assert await written.wait() == 0


async def _read(process: asyncio.subprocess.Process, log: list[str]) -> None:
    assert process.stdout is not None
    while line := await process.stdout.readline():
        log.append(line.decode(errors="replace").rstrip())
