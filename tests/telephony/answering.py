"""A voice process for Asterisk to find: true media, ear, turns and HTTP; fakes for the rest."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.clock import now
from bot.harness import free_port
from bot.settings import Settings
from tests.voice.fakes import Beep, Talk, Words
from tests.voice.parrot import Parrot
from voice.desk import Desk
from voice.engine import Engine
from voice.http import application
from voice.lines import Lines
from voice.local_voice import LocalVoice
from voice.people.desk import People
from voice.recorder import Sink
from voice.service import Service
from voice.sound_cache import SoundCache
from voice.speech import Speech, Voices
from voice.switchboard import Switchboard
from voice.tts import OutsideVoice


@dataclass
class Answering:
    """``talk`` remembers what it was told; ``die`` takes the process away."""

    settings: Settings
    talk: Talk
    board: Switchboard
    runner: web.AppRunner
    server: asyncio.Server

    async def die(self) -> None:
        """As a crash would: connections close, nobody answers."""
        self.server.close()
        await self.runner.cleanup()


@asynccontextmanager
async def answering(
    folder: Path,
    seconds: float = 0.3,
    people: People | None = None,
    record: Callable[[str], Sink | None] = lambda session: None,
) -> AsyncIterator[Answering]:
    """``seconds``: how long each of our sentences is; ``people``: the desk."""
    talk, lines, local = Talk(), Lines(10), LocalVoice()
    service = Service(talk, Words(), Beep(seconds), now, left=talk.left, record=record)
    board = Switchboard(lines, service, people)
    server = await board.listen("127.0.0.1", 0)
    settings = Settings(
        data=folder,
        voice_port=free_port(),
        audiosocket_port=server.sockets[0].getsockname()[1],
    )
    voices = Voices("mandarin", "cantonese")
    speech = Speech(
        SoundCache(folder), OutsideVoice(first_seconds=1), local, voices, lambda _: False
    )
    desk = Desk(Engine(Parrot()), speech, lines, board, "zh")
    runner = web.AppRunner(application(desk), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", settings.voice_port).start()
    made = Answering(settings, talk, board, runner, server)
    try:
        yield made
    finally:
        await made.die()
        await local.close()
