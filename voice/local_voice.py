"""The local voice, spoken by a child process that is started again when it dies."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process

from bot.rules.errors import Unavailable
from bot.settings import ROOT
from voice.audio import Samples, from_bytes

VOICES = {"mandarin": "cmn", "cantonese": "yue"}
_DEADLINE_SECONDS = 5.0


class LocalVoice:
    """One child, one sentence at a time: a second of speech takes it a few milliseconds."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._lock = asyncio.Lock()

    async def speak(self, text: str, voice: str = "mandarin", speed: float = 1.0) -> Samples:
        """16 kHz sound of ``text``. Raises `Unavailable`."""
        async with self._lock:
            for attempt in (1, 2):
                try:
                    async with asyncio.timeout(_DEADLINE_SECONDS):
                        return await self._ask(text, VOICES.get(voice, "cmn"), speed)
                except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError) as error:
                    await self._end()
                    if attempt == 2:
                        raise Unavailable("the local voice does not answer") from error
        raise AssertionError("unreachable")

    async def close(self) -> None:
        """End the child."""
        async with self._lock:
            await self._end()

    async def _ask(self, text: str, voice: str, speed: float) -> Samples:
        process = await self._child()
        if process.stdin is None or process.stdout is None:
            raise OSError("no pipe")
        line = json.dumps({"text": text.replace("\0", " "), "voice": voice, "speed": speed})
        process.stdin.write(line.encode() + b"\n")
        await process.stdin.drain()
        head = json.loads(await process.stdout.readuntil(b"\n"))
        if "error" in head:
            raise Unavailable(f"the local voice: {head['error']}")
        return from_bytes(await process.stdout.readexactly(head["bytes"]))

    async def _child(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "voice.local_voice_process",
                stdin=PIPE, stdout=PIPE, cwd=ROOT,
            )  # fmt: skip
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        if process.returncode is None:
            process.kill()
        await process.wait()
