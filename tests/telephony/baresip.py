"""A telephone: baresip without a sound card, steered over its TCP door.

It says recordings one after the other and keeps what it hears. Its exit status says nothing
about a call, so a call is judged by its events and by the sound.
"""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bot.harness import free_port
from voice.audio import Samples, level
from voice.recordings import wav

RATE = 8000
CONFIG = """\
poll_method epoll
sip_listen 127.0.0.1:{port}
{security}
net_interface 127.0.0.1
call_local_timeout 120
call_max_calls 4
audio_source aufile,{folder}/silence.wav
audio_player aubridge,sink
audio_alert aubridge,sink
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
rtp_ports {rtp}-{last}
snd_path {folder}
module_path /usr/lib/baresip/modules
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
"""


@dataclass
class Telephone:
    """One telephone. ``events``: what it told, the latest last."""

    folder: Path
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    transport: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)
    said: int = 0

    async def dial(self, line: str) -> None:
        """Call 12345 at ``line`` in silence, and wait until it answers."""
        self._command("ausrc", f"aufile,{self.folder}/silence.wav")
        self._command("dial", f"sip:12345@{line}{self.transport}")
        await self.happens("CALL_ESTABLISHED")

    def hang_up(self) -> None:
        """End the call."""
        self._command("hangup")

    def press(self, key: str) -> None:
        """A key."""
        self._command("sndcode", key)

    async def say(self, sound: Samples) -> None:
        """8 kHz, into the call that is going on."""
        self.said += 1
        path = self.folder / f"said-{self.said}.wav"
        path.write_bytes(wav(np.concatenate([sound, np.zeros(60 * RATE, np.int16)]), RATE))
        self._command("ausrc", f"aufile,{path}")
        await asyncio.sleep(len(sound) / RATE)

    async def happens(self, kind: str, seconds: float = 20.0) -> None:
        """Wait for an event that was not waited for before."""
        async with asyncio.timeout(seconds):
            while True:
                for index, event in enumerate(self.events):
                    if event.get("type") == kind:
                        del self.events[: index + 1]
                        return
                await asyncio.sleep(0.02)

    def heard(self) -> Samples:
        """All that came over the line in the latest call so far, at 8 kHz."""
        files = sorted(self.folder.glob("dump-*-dec.wav"), key=lambda path: path.stat().st_mtime)
        if not files:
            return np.zeros(0, np.int16)
        data = files[-1].read_bytes()[44:]
        return np.frombuffer(data[: len(data) & ~1], "<i2").astype(np.int16)

    async def listens(self, quiet_seconds: float = 0.8, seconds: float = 40.0) -> None:
        """Until the other side has spoken, and then been quiet for a while."""
        begun = len(self.heard())
        async with asyncio.timeout(seconds):
            while True:
                sound = self.heard()[begun:]
                tail = sound[-int(quiet_seconds * RATE) :]
                spoken = level(sound) > -45 or np.abs(sound).max(initial=0) > 1000
                if spoken and len(tail) >= quiet_seconds * RATE and np.abs(tail).max() < 300:
                    return
                await asyncio.sleep(0.1)

    def _command(self, name: str, parameters: str = "") -> None:
        text = json.dumps({"command": name, "params": parameters, "token": name})
        self.writer.write(f"{len(text)}:{text},".encode())

    async def read(self) -> None:
        """Its events, until it closes."""
        with suppress(asyncio.IncompleteReadError, OSError):
            while True:
                size = int((await self.reader.readuntil(b":"))[:-1])
                event = json.loads(await self.reader.readexactly(size))
                await self.reader.readexactly(1)
                self.events.append(event)


@asynccontextmanager
async def telephone(
    name: str, port: int = 0, answers: bool = False, secure: bool = False, encrypts: bool = True
) -> AsyncIterator[Telephone]:
    """``name``: the number that it calls from. ``answers``: it takes every call by itself.
    ``secure``: it signals over TLS, and then its sound is SRTP unless it ``encrypts`` nothing."""
    port = port or free_port()
    with tempfile.TemporaryDirectory(prefix="hotline-telephone-") as made:
        folder = Path(made)
        answer = ";answermode=auto" if answers else ""
        transport = ";transport=tls" if secure else ""
        encryption = ";mediaenc=srtp-mand" if secure and encrypts else ""
        (folder / "accounts").write_text(
            f"<sip:{name}@127.0.0.1:{port}{transport}>;regint=0;audio_codecs=pcma/8000/1"
            f";dtmfmode=rtpevent{answer}{encryption}\n"
        )
        (folder / "contacts").touch()
        (folder / "silence.wav").write_bytes(wav(np.zeros(600 * RATE, np.int16), RATE))
        process, reader, writer = await _started(folder, port, secure)
        try:
            phone = Telephone(folder, reader, writer, transport)
            async with asyncio.TaskGroup() as group:
                reading = group.create_task(phone.read())
                try:
                    yield phone
                finally:
                    phone.hang_up()
                    await asyncio.sleep(0.2)
                    reading.cancel()
                    writer.close()
        finally:
            await _ended(process)


async def _started(
    folder: Path, port: int, secure: bool, tries: int = 3
) -> tuple[asyncio.subprocess.Process, asyncio.StreamReader, asyncio.StreamWriter]:
    """Its process and its door; begun again where another program took the door's port first."""
    control, rtp = free_port(), free_port() & ~1
    words = {"port": port, "control": control, "rtp": rtp, "last": rtp + 20, "folder": folder}
    words["security"] = "module srtp.so" if secure else ""
    (folder / "config").write_text(CONFIG.format(**words))
    process = await asyncio.create_subprocess_exec(
        *("baresip", "-4", "-f", str(folder)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        return process, *await _door(control)
    except TimeoutError:
        await _ended(process)
        if tries == 1:
            raise
    return await _started(folder, port, secure, tries - 1)


async def _ended(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()


async def _door(control: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    async with asyncio.timeout(10):
        while True:
            try:
                return await asyncio.open_connection("127.0.0.1", control)
            except OSError:
                await asyncio.sleep(0.05)
