"""What no caller should send, sent to the running hotline: each is refused by name, and the same
session goes on as if it had not been."""

import io
import wave
from contextlib import suppress
from typing import Any
from uuid import uuid4

import aiohttp
import av
import pytest

from tests.hotline import Hotline, Page, page

pytestmark = [pytest.mark.rasa, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]

HOUR_SECONDS = 3600
RATE = 16_000


def wav(seconds: int) -> bytes:
    """That much silence as a wav."""
    written = io.BytesIO()
    with wave.open(written, "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        out.writeframes(bytes(2 * RATE * seconds))
    return written.getvalue()


def packed(seconds: int) -> bytes:
    """That much silence as Opus, small enough for a message."""
    written = io.BytesIO()
    with av.open(written, "w", format="webm") as out:
        stream = out.add_stream("libopus", rate=RATE, layout="mono", bit_rate=6000)
        for _ in range(seconds // 10):
            frame = av.AudioFrame(format="s16", layout="mono", samples=10 * RATE)
            frame.rate = RATE
            frame.planes[0].update(bytes(20 * RATE))
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return written.getvalue()


async def refused(opened: Page, frame: dict[str, Any], sound: bytes | None = None) -> str:
    """The code with which a frame, and the recording behind it, is refused."""
    await opened.socket.send_json({"id": uuid4().hex} | frame)
    if sound is not None:
        await opened.socket.send_bytes(sound)
    return await opened.refusal()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "text_empty"),
        (" \n\t ", "text_empty"),
        ("\x00\x01\x1b\u200b\u202e", "text_empty"),
        ("路" * 100_000, "text_too_long"),
    ],
)
async def test_words_that_are_none_or_too_many(running: Hotline, text: str, code: str) -> None:
    async with page(running.base) as opened:
        assert await refused(opened, {"type": "say", "text": text}) == code
        assert "来源" in await opened.say("12345几点上班")


@pytest.mark.parametrize(
    ("sound", "mime", "seconds", "code"),
    [
        (b"", "audio/wav", 1, "audio_empty"),
        ("今天天气很好。\n".encode() * 99, "audio/wav", 1, "audio_unreadable"),
        (packed(HOUR_SECONDS), "audio/webm;codecs=opus", 30, "audio_too_long"),
        (wav(2), "audio/wav", 2, "audio_silent"),
    ],
    ids=["empty", "a text file", "an hour that says it is short", "silence"],
)
async def test_recordings_that_are_none(
    running: Hotline, sound: bytes, mime: str, seconds: float, code: str
) -> None:
    async with page(running.base) as opened:
        frame = {"type": "audio", "mime": mime, "seconds": seconds}
        assert await refused(opened, frame, sound) == code
        assert "来源" in await opened.say("12345几点上班")


async def test_an_hour_of_wav(running: Hotline) -> None:
    hour = wav(HOUR_SECONDS)
    async with page(running.base) as opened:
        announced = {"type": "audio", "mime": "audio/wav", "seconds": HOUR_SECONDS}
        assert await refused(opened, announced) == "audio_too_long"
        assert "来源" in await opened.say("12345几点上班")
        await opened.socket.send_json(announced | {"id": uuid4().hex, "seconds": 30})
        with suppress(ConnectionError):  # the door is shut before the hour has come through
            await opened.socket.send_bytes(hour)
        while not opened.socket.closed:
            await opened.socket.receive()
    async with aiohttp.ClientSession() as http:
        form = aiohttp.FormData()
        form.add_field("file", io.BytesIO(hour), filename="hour.wav", content_type="audio/wav")
        address = f"http://127.0.0.1:{running.settings.voice_port}/v1/audio/transcriptions"
        async with http.post(address, data=form) as answer:
            assert answer.status == 413
            assert (await answer.json())["error"]["code"] == "too_long"
    async with page(running.base) as opened:
        assert "来源" in await opened.say("12345几点上班")


async def test_a_forged_session_gets_a_new_one(running: Hotline) -> None:
    async with page(running.base) as honest:
        await honest.say("天河区棠下村的路灯坏了")
        body, _, signature = honest.token.rpartition(".")
        async with page(running.base, f"{body}.{signature[::-1]}") as forger:
            assert forger.refusals == ["session_forged"]
            assert forger.token != honest.token
            assert not any("路灯" in text for text in forger.said)
        before = await running.tickets()
        assert await honest.say("不用保密")
        assert await running.tickets() == before
