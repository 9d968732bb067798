"""A house with a telephone: the voice process's HTTP beside it, its ears and mouth scripted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from aiohttp.test_utils import TestServer

from bot.clock import now
from bot.console.voice_line import VoiceLine
from bot.harness import free_port
from bot.live import Live
from tests.bot.console.house import House, open_house
from tests.voice.fakes import Beep, Words
from tests.voice.parrot import Parrot
from voice.desk import Desk
from voice.engine import Engine
from voice.http import application
from voice.lines import Lines
from voice.local_voice import LocalVoice
from voice.people.desk import Agents
from voice.service import Service
from voice.sound_cache import SoundCache
from voice.speech import Speech, Voices
from voice.switchboard import Switchboard
from voice.tts import OutsideVoice


@asynccontextmanager
async def house_with_telephone(folder: Path, live: Live, words: Words) -> AsyncIterator[House]:
    """``words`` is what the recogniser hears, in turn."""
    port = free_port()
    outside, names = OutsideVoice(first_seconds=0.1), Voices("a", "b")
    speech = Speech(SoundCache(folder), outside, LocalVoice(), names, lambda _: False)
    async with aiohttp.ClientSession() as http:
        line = VoiceLine(http, f"http://127.0.0.1:{port}")
        async with open_house(folder, live, line=line) as house:
            hearing, lines = house.chat.hearing, Lines(10)
            service = Service(hearing, words, Beep(), now, left=hearing.left)
            board = Switchboard(lines, service, Agents(house.store, house.desk, live))
            app = application(Desk(Engine(Parrot()), speech, lines, board, "zh"))
            async with TestServer(app, port=port):
                yield house
