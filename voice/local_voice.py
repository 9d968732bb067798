"""The local voice, spoken by a child process that is started again when it dies."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from typing import Any

from bot.rules.errors import Unavailable
from bot.settings import ROOT
from voice.audio import Samples, from_bytes

VOICES = {"mandarin": "cmn", "cantonese": "yue"}
_DEADLINE_SECONDS = 5.0  # for a sentence
_START_SECONDS = 60.0  # for a child on a busy machine to be ready


class LocalVoice:
    """One child, one sentence at a time: a second of speech takes it a few milliseconds."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._lock = asyncio.Lock()
        self._asked = False  # an answer is on its way; given up half way, the child is of no use

    async def speak(self, text: str, voice: str = "mandarin", speed: float = 1.0) -> Samples:
        """16 kHz sound of ``text``. Raises `Unavailable`."""
        async with self._lock:
            if self._asked:
                await self._end()
            for attempt in (1, 2):
                try:
                    child = await self._child()
                    self._asked = True
                    async with asyncio.timeout(_DEADLINE_SECONDS):
                        samples = await _ask(child, text, VOICES.get(voice, "cmn"), speed)
                    self._asked = False
                    return samples
                except Unavailable:  # an answer too: it cannot say this
                    self._asked = False
                    raise
                except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError) as error:
                    await self._end()
                    if attempt == 2:
                        raise Unavailable("the local voice does not answer") from error
        raise AssertionError("unreachable")

    async def close(self) -> None:
        """End the child."""
        async with self._lock:
            await self._end()

    async def _child(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "voice.local_voice_process",
                stdin=PIPE, stdout=PIPE, cwd=ROOT,
            )  # fmt: skip
            async with asyncio.timeout(_START_SECONDS):
                await _read_head(self._process)
        return self._process

    async def _end(self) -> None:
        process, self._process, self._asked = self._process, None, False
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _ask(process: Process, text: str, voice: str, speed: float) -> Samples:
    if process.stdin is None or process.stdout is None:
        raise OSError("no pipe")
    line = json.dumps({"text": text.replace("\0", " "), "voice": voice, "speed": speed})
    process.stdin.write(line.encode() + b"\n")
    await process.stdin.drain()
    head = await _read_head(process)
    return from_bytes(await process.stdout.readexactly(head["bytes"]))


async def _read_head(process: Process) -> dict[str, Any]:
    """The line before the sound. Raises `Unavailable` for what the voice cannot say."""
    if process.stdout is None:
        raise OSError("no pipe")
    head: dict[str, Any] = json.loads(await process.stdout.readuntil(b"\n"))
    if "error" in head:
        raise Unavailable(f"the local voice: {head['error']}")
    return head
