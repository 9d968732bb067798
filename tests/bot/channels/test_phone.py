"""A page's call: through the gateway to a real voice process's switchboard, and back."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import pytest
from aiohttp import WSMsgType
from aiohttp.test_utils import TestClient, TestServer

from bot.application import create_app
from bot.channels.chat import Chat
from bot.channels.phone import CALLS_A_MINUTE, add_calls
from bot.clock import now
from bot.health import Health
from bot.live import Live
from tests.voice.fakes import Beep, Talk, Words
from tests.voice.parrot import Parrot
from voice.desk import Desk
from voice.engine import Engine
from voice.http import application
from voice.lines import Lines
from voice.local_voice import LocalVoice
from voice.service import Service
from voice.sound_cache import SoundCache
from voice.speech import Speech, Voices
from voice.switchboard import Switchboard
from voice.tts import OutsideVoice

Client = TestClient[Any, Any]


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
async def voice(tmp_path: Path, talk: Talk) -> AsyncIterator[TestServer]:
    """A voice process's HTTP: calls are real, words and dialogue are not."""
    lines = Lines(10)
    outside, names = OutsideVoice(first_seconds=0.1), Voices("a", "b")
    speech = Speech(SoundCache(tmp_path), outside, LocalVoice(), names, lambda _: False)
    board = Switchboard(lines, Service(talk, Words(), Beep(), now))
    app = application(Desk(Engine(Parrot()), speech, lines, board, "zh"))
    async with TestServer(app) as server:
        yield server


@pytest.fixture
async def client(chat: Chat, live: Live, voice: TestServer) -> AsyncIterator[Client]:
    async def count() -> None:
        return None

    async with aiohttp.ClientSession() as http:
        app = create_app(chat, Health({}, now), count)
        add_calls(app, http, str(voice.make_url("")).rstrip("/"), live)
        async with TestClient(TestServer(app)) as made:
            yield made


async def test_sound_both_ways_and_a_key_leads_to_a_person(client: Client, talk: Talk) -> None:
    async with client.ws_connect("/ws/call") as page:
        loud, told = 0, []
        await page.send_bytes(bytes(640))
        while (message := await page.receive(timeout=20)).type in (
            WSMsgType.BINARY,
            WSMsgType.TEXT,
        ):
            if message.type is WSMsgType.TEXT:
                told.append(json.loads(message.data))
                continue
            loud += bool(np.frombuffer(message.data, "<i2").max() > 1000)
            await page.send_bytes(bytes(640))
            if loud == 10:
                await page.send_json({"event": "dtmf", "digit": "0"})
    assert [each.text for each in talk.heard] == ["人工"]
    assert told[-1]["next"] == "agent"


async def test_the_page_is_served_with_its_scripts(client: Client) -> None:
    text = await (await client.get("/call")).text()
    assert "拨打 12345" in text
    assert "{{" not in text
    for name in ("js/call.js", "js/line.js", "css/call.css"):
        assert (await client.get(f"/static/call/{name}")).status == 200


async def test_a_dead_voice_process_is_told(client: Client, voice: TestServer) -> None:
    await voice.close()
    async with client.ws_connect("/ws/call") as page:
        assert await page.receive_json() == {"event": "refused", "code": "unavailable"}


async def test_too_many_calls_from_one_address(client: Client) -> None:
    codes, elsewhere = [], {"X-Forwarded-For": "203.0.113.7"}
    for _ in range(CALLS_A_MINUTE + 1):
        async with client.ws_connect("/ws/call", headers=elsewhere) as page:
            message = await page.receive(timeout=20)
            codes.append(
                json.loads(message.data)["code"] if message.type is WSMsgType.TEXT else "in"
            )
    assert codes[-1] == "too_many"
    assert codes[0] == "in"


@pytest.mark.parametrize("nonsense", ["hello", "[1]", "[" * 900])
async def test_nonsense_ends_the_call_and_nothing_else(client: Client, nonsense: str) -> None:
    async with client.ws_connect("/ws/call") as page:
        await page.receive_bytes()
        await page.send_str(nonsense)
        while (await page.receive(timeout=20)).type is WSMsgType.BINARY:
            pass
    async with client.ws_connect("/ws/call") as page:
        assert len(await page.receive_bytes()) == 640
