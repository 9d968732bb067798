"""A stand-in for edge-tts's service on loopback that speaks its true protocol.

Two text frames in (configuration, SSML); text and binary frames out: a 2-byte length of the head,
the head, then 24 kHz 48 kbit/s mp3 in pieces of 720 bytes, which are 120 ms; a sentence boundary
after the sound; a last binary frame without content; ``turn.end``.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape

import av
import numpy as np
from aiohttp import web

from tests.voice.speaking import say
from voice.audio import Samples, resample

PIECE = 720


@dataclass
class Peer:
    """``mood`` is what goes wrong: deny, deny_once, no_audio, cut, silent, garbage, or nothing."""

    mood: str = ""
    port: int = 0
    asked: list[str] = field(default_factory=list)
    rates: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if self.mood in ("deny", "deny_once"):
            self.mood = "deny" if self.mood == "deny" else ""
            return web.Response(status=403, headers={"Date": "Sun, 22 Nov 2026 01:00:00 GMT"})
        socket = web.WebSocketResponse(compress=True)
        await socket.prepare(request)
        configuration = await socket.receive_str()
        assert "audio-24khz-48kbitrate-mono-mp3" in configuration
        ssml = await socket.receive_str()
        self.rates += re.findall(r"rate='([^']*)'", ssml)
        found = re.search(r"<prosody[^>]*>(.*)</prosody>", ssml, re.DOTALL)
        assert found
        text = unescape(found.group(1))
        self.asked.append(text)
        if self.mood == "silent":
            await asyncio.sleep(30)
        await socket.send_str("X-RequestId:1\r\nPath:turn.start\r\n\r\n{}")
        await socket.send_str("X-RequestId:1\r\nPath:response\r\n\r\n{}")
        if self.mood == "no_audio":
            await socket.send_str("X-RequestId:1\r\nPath:turn.end\r\n\r\n{}")
            return socket
        await self._speak(socket, text)
        return socket

    async def _speak(self, socket: web.WebSocketResponse, text: str) -> None:
        sound = resample(say(text), 16_000, 24_000)
        mp3 = b"\x00" * 5000 if self.mood == "garbage" else encoded(sound)
        pieces = [mp3[at : at + PIECE] for at in range(0, len(mp3), PIECE)]
        for number, piece in enumerate(pieces):
            if self.mood == "cut" and number == len(pieces) // 2:
                assert socket._writer
                await socket.close()
                return
            await socket.send_bytes(_binary("X-RequestId:1\r\nContent-Type:audio/mpeg\r\n", piece))
        ticks = int(len(mp3) * 8 / 48_000 * 10_000_000)
        data = {"Offset": 1_000_000, "Duration": ticks - 1_000_000, "text": {"Text": text}}
        boundary = json.dumps({"Metadata": [{"Type": "SentenceBoundary", "Data": data}]})
        await socket.send_str(f"X-RequestId:1\r\nPath:audio.metadata\r\n\r\n{boundary}")
        await socket.send_bytes(_binary("X-RequestId:1\r\n", b""))
        await socket.send_str("X-RequestId:1\r\nPath:turn.end\r\n\r\n{}")


def encoded(sound: Samples) -> bytes:
    """As the service encodes: frames of 24 ms and nothing else."""
    codec = av.CodecContext.create("libmp3lame", "w")
    codec.sample_rate, codec.layout, codec.format, codec.bit_rate = 24_000, "mono", "s16p", 48_000
    codec.open()
    padded = np.concatenate([sound, np.zeros(2400, np.int16)])
    data = b""
    for at in range(0, len(padded), codec.frame_size):
        part = padded[at : at + codec.frame_size].reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(part), format="s16p", layout="mono")
        frame.sample_rate = 24_000
        data += b"".join(bytes(packet) for packet in codec.encode(frame))
    return data + b"".join(bytes(packet) for packet in codec.encode(None))


def _binary(head: str, data: bytes) -> bytes:
    lines = f"{head}X-StreamId:1\r\nPath:audio\r\n".encode()
    return len(lines).to_bytes(2, "big") + lines + data


@asynccontextmanager
async def peer() -> AsyncIterator[Peer]:
    """The stand-in, listening."""
    made = Peer()
    app = web.Application()
    app.router.add_get("/edge/v1", made.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.port = runner.addresses[0][1]
    try:
        yield made
    finally:
        await runner.cleanup()
