"""The voice process over HTTP: what comes in as a recording, as text, as a call."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aiohttp import FormData, WSMsgType
from aiohttp.test_utils import TestClient, TestServer

from bot.clock import now
from bot.rules.errors import Unavailable
from tests.voice.fakes import Beep, Talk, Words
from tests.voice.parrot import Parrot
from tests.voice.speaking import noise, say, silence
from tests.voice.test_recordings import browser
from voice import recordings
from voice.audio import from_bytes, to_bytes
from voice.desk import Desk
from voice.engine import Engine
from voice.http import application
from voice.legs import websocket
from voice.lines import Lines
from voice.local_voice import LocalVoice
from voice.service import Service
from voice.sound_cache import SoundCache
from voice.speech import Speech, Voices
from voice.switchboard import Switchboard
from voice.tts import OutsideVoice

Client = TestClient[Any, Any]
TALK = "/v1/audio/transcriptions"


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
async def client(tmp_path: Path, talk: Talk) -> AsyncIterator[Client]:
    engine, local, lines = Engine(Parrot()), LocalVoice(), Lines(2)
    speech = Speech(
        SoundCache(tmp_path),
        OutsideVoice(first_seconds=0.1),
        local,
        Voices("zh-CN-XiaoxiaoNeural", "zh-HK-HiuGaaiNeural"),
        lambda _: False,
    )
    board = Switchboard(lines, Service(talk, Words(), Beep(), now))
    app = application(Desk(engine, speech, lines, board, "zh"))
    async with asyncio.TaskGroup() as group:
        task = group.create_task(engine.run())
        async with TestClient(TestServer(app)) as made:
            yield made
        task.cancel()
    await local.close()


def form(data: bytes, **fields: str) -> FormData:
    made = FormData()
    made.add_field("file", io.BytesIO(data), filename="recording")
    for name, value in fields.items():
        made.add_field(name, value)
    return made


async def test_a_recording_from_a_browser_is_transcribed(client: Client) -> None:
    data = browser(np.concatenate([silence(0.4), say("楼下半夜施工")]), "webm", "libopus")
    answer = await client.post(TALK, data=form(data, language="zh", model="whatever"))
    body = await answer.json()
    assert answer.status == 200
    assert body["text"] == "楼下半夜施工"
    assert body["duration"] > 1.5
    assert body["model"] == "parrot"
    assert body["demonstration"] is True
    assert set(body["timings"]) == {"decode_ms", "stt_ms", "total_ms"}


BAD = {
    "nothing": (b"", 400, "empty"),
    "text": (b"no sound at all, only text\n" * 99, 400, "not_audio"),
    "a wav without samples": (recordings.wav(silence(0)), 400, "empty"),
    "two minutes": (recordings.wav(silence(130)), 413, "too_long"),
    "silence": (recordings.wav(silence(3)), 400, "silence"),
    "noise": (recordings.wav(noise(3)), 400, "silence"),
    "an hour": (recordings.wav(silence(3600)), 413, "too_long"),
}


@pytest.mark.parametrize("name", BAD)
async def test_bad_recordings_have_codes(client: Client, name: str) -> None:
    data, status, code = BAD[name]
    answer = await client.post(TALK, data=form(data))
    assert (answer.status, (await answer.json())["error"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("application/json", b"{}", "bad_request"),
        ("multipart/form-data", b"no boundary", "bad_request"),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense", "bad_request"),
    ],
)
async def test_what_is_no_form_is_refused(
    client: Client, kind: str, body: bytes, code: str
) -> None:
    answer = await client.post(TALK, data=body, headers={"Content-Type": kind})
    assert answer.status == 400
    assert (await answer.json())["error"]["code"] in (code, "empty")


async def test_a_language_that_is_not_spoken_here(client: Client) -> None:
    answer = await client.post(TALK, data=form(recordings.wav(say("您好")), language="xx"))
    assert (await answer.json())["error"]["code"] == "bad_language"


@pytest.mark.parametrize("kind", ["wav", "mp3"])
async def test_text_is_spoken(client: Client, kind: str) -> None:
    wish = {"input": "您好,工单号是12345。", "voice": "mandarin", "response_format": kind}
    answer = await client.post("/v1/audio/speech", json=wish)
    assert answer.content_type == ("audio/wav" if kind == "wav" else "audio/mpeg")
    sound = recordings.decode(await answer.read(), most_seconds=60)
    assert len(sound) > 32_000


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({}, "bad_input"),
        ({"input": ""}, "bad_input"),
        ({"input": "好" * 2001}, "bad_input"),
        ({"input": ["好"]}, "bad_input"),
        ({"input": "好", "voice": "nobody"}, "bad_voice"),
        ({"input": "好", "speed": 9}, "bad_speed"),
        ({"input": "好", "speed": "fast"}, "bad_speed"),
        ({"input": "好", "response_format": "flac"}, "bad_format"),
        ([], "bad_request"),
    ],
)
async def test_bad_wishes_name_the_field(client: Client, wish: Any, code: str) -> None:
    answer = await client.post("/v1/audio/speech", json=wish)
    assert (answer.status, (await answer.json())["error"]["code"]) == (400, code)


async def test_health_says_what_it_is(client: Client) -> None:
    body = await (await client.get("/health")).json()
    assert (body["model"], body["demonstration"], body["degraded"]) == ("parrot", True, False)
    assert "mandarin" in body["voices"]
    assert (body["partials"]["model"], body["partials"]["own"]) == ("parrot", False)
    page = await (await client.get("/metrics")).text()
    assert "hotline_calls" in page


async def test_health_says_when_what_is_being_said_is_not_heard(tmp_path: Path) -> None:
    async with asyncio.TaskGroup() as group:
        engine = Engine(Parrot("整句"), partial=Parrot("break"))
        voices = Voices("zh-CN-XiaoxiaoNeural", "zh-HK-HiuGaaiNeural")
        local = LocalVoice()
        speech = Speech(
            SoundCache(tmp_path), OutsideVoice(first_seconds=0.1), local, voices, lambda _: False
        )
        board = Switchboard(Lines(2), Service(Talk(), engine, Beep(), now))
        app = application(Desk(engine, speech, Lines(2), board, "zh"))
        running = group.create_task(engine.run())
        async with TestClient(TestServer(app)) as client:
            with pytest.raises(Unavailable):
                await engine.transcribe(silence(1.0), voiced_seconds=1.0, partial=True)
            body = await (await client.get("/health")).json()
            page = await (await client.get("/metrics")).text()
        running.cancel()
        await local.close()
    assert body["degraded"] is True
    assert (body["partials"]["own"], body["partials"]["degraded"]) == (True, True)
    assert "hotline_stt_partials_degraded 1.0" in page
    assert 'hotline_stt_unheard_total{kind="partial"}' in page


async def idle(client: Client) -> None:
    """Wait until no call is held."""
    async with asyncio.timeout(20):
        while (await (await client.get("/health")).json())["calls"]:
            await asyncio.sleep(0.05)


async def new_call(client: Client) -> str:
    return await (await client.get("/calls/new/13800138000")).text()


async def test_a_browser_calls_and_goes_to_a_person(client: Client, talk: Talk) -> None:
    call = await new_call(client)
    async with client.ws_connect(f"/media/l16?call={call}&rate=16000") as socket:
        sound = to_bytes(np.concatenate([silence(0.7), say("楼下半夜施工"), silence(1.4)]))
        loud, at, last = 0, 0, None
        while True:
            message = await socket.receive(timeout=20)
            if message.type is WSMsgType.TEXT:
                last = json.loads(message.data)
            if message.type not in (WSMsgType.BINARY, WSMsgType.TEXT):
                break
            if message.type is WSMsgType.BINARY:
                loud += bool(np.abs(from_bytes(message.data)).max() > 1000)
                await socket.send_bytes(sound[at : at + 640] or bytes(640))
                at += 640
                if len(talk.heard) == 1 and loud > 25:
                    await socket.send_json({"event": "dtmf", "digit": "0"})
                    loud = 0
    assert [each.text for each in talk.heard] == ["楼下半夜施工", "人工"]
    assert last is not None
    assert last["next"] == "agent"
    assert await (await client.get(f"/calls/{call}/next")).text() == "agent"


@pytest.mark.parametrize("call", ["", "00000000-0000-0000-0000-000000000000"])
async def test_calls_that_were_not_announced_are_refused(client: Client, call: str) -> None:
    answer = await client.get(f"/media/l16?call={call or 'x'}")
    assert answer.status == 404


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/media/morse?call=x", "bad_dialect"),
        ("/media/l16?call=x&rate=96000", "bad_rate"),
        ("/media/l16?call=x&rate=-1", "bad_rate"),
        ("/media/l16?call=x&rate=²", "bad_rate"),
        ("/media/l16?call=x&rate=" + "9" * 5000, "bad_rate"),
    ],
)
async def test_dialects_and_rates_nobody_speaks(client: Client, path: str, code: str) -> None:
    assert (await (await client.get(path)).json())["error"]["code"] == code


@pytest.mark.parametrize("nonsense", ["hello", "[]", '{"sampleRate": 96000}', "[" * 999])
async def test_text_for_sound_ends_that_call(client: Client, nonsense: str) -> None:
    async with client.ws_connect(f"/media/l16?call={await new_call(client)}") as socket:
        await socket.receive_bytes()
        await socket.send_str(nonsense)
        while (await socket.receive(timeout=20)).type != WSMsgType.CLOSE:
            pass
        assert socket.close_code == 1008
    await idle(client)


async def test_a_message_of_a_megabyte_ends_that_call(client: Client) -> None:
    async with client.ws_connect(f"/media/l16?call={await new_call(client)}") as socket:
        await socket.receive_bytes()
        await socket.send_bytes(bytes(2**20))
        while (await socket.receive(timeout=20)).type == WSMsgType.BINARY:
            pass
    await idle(client)


async def test_a_line_without_any_sound_is_given_up(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(websocket, "_IDLE_SECONDS", 0.3)
    async with client.ws_connect(f"/media/l16?call={await new_call(client)}") as socket:
        while (await socket.receive(timeout=20)).type in (WSMsgType.BINARY, WSMsgType.TEXT):
            pass
        assert socket.close_code == 1000
    await idle(client)


async def test_half_samples_are_put_together(client: Client, talk: Talk) -> None:
    async with client.ws_connect(f"/media/l16?call={await new_call(client)}") as socket:
        sound = to_bytes(np.concatenate([silence(0.7), say("楼下半夜施工"), silence(1.4)]))
        for at in range(0, len(sound), 641):
            await socket.receive(timeout=20)
            await socket.send_bytes(sound[at : at + 641])
        while not talk.heard:
            await socket.receive(timeout=20)
            await socket.send_bytes(bytes(640))
    assert [each.text for each in talk.heard] == ["楼下半夜施工"]


async def test_one_call_more_than_fits_is_told_before_it_comes(client: Client) -> None:
    sockets = [await client.ws_connect(f"/media/l16?call={await new_call(client)}") for _ in "12"]
    for socket in sockets:
        await socket.receive_bytes()
    answer = await client.get("/calls/new/13800138000")
    assert answer.status == 503
    for socket in sockets:
        await socket.close()


async def test_twilio_speaks_json(client: Client, talk: Talk) -> None:
    call = await new_call(client)
    async with client.ws_connect("/media/twilio") as socket:
        await socket.send_json({"event": "connected", "protocol": "Call", "version": "1.0.0"})
        start = {"mediaFormat": {"sampleRate": 8000}, "customParameters": {"call": call}}
        await socket.send_json({"event": "start", "streamSid": "MZ1", "start": start})
        message = json.loads(await socket.receive_str())
        assert (message["event"], message["streamSid"]) == ("media", "MZ1")
        await socket.send_json({"event": "dtmf", "streamSid": "MZ1", "dtmf": {"digit": "0"}})
        while (await socket.receive(timeout=20)).type == WSMsgType.TEXT:
            pass
    assert [each.text for each in talk.heard] == ["人工"]
    assert talk.heard[0].caller == "13800138000"


async def test_asterisk_introduces_the_call(client: Client) -> None:
    call = await new_call(client)
    async with client.ws_connect("/media/asterisk") as socket:
        begun = {
            "event": "MEDIA_START",
            "format": "slin16",
            "channel_variables": {"CALLUUID": call},
        }
        await socket.send_json(begun)
        assert len(await socket.receive_bytes()) == 640
        await socket.send_json({"event": "DTMF_END", "digit": "0"})
        commands = []
        while (message := await socket.receive(timeout=20)).type in (
            WSMsgType.TEXT,
            WSMsgType.BINARY,
        ):
            if message.type is WSMsgType.TEXT:
                commands.append(json.loads(message.data)["command"])
    assert commands[-1] == "HANGUP"
    assert "FLUSH_MEDIA" in commands
