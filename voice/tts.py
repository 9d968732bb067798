"""The outside voice: edge-tts, decoded as it arrives.

Microsoft's consumer service, unofficial, 24 kHz mp3 only. Seen of edge-tts 7.3.1: a connection
cut in the middle of the sound ends the stream silently (hence the check against the sentence
boundary that the service sends after the sound), Chinese text is never split (hence
`voice.sentences`), and the default deadlines are far too long for a call.
"""

import asyncio
import math
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import av
import edge_tts
import numpy as np
from av.audio.resampler import AudioResampler
from av.error import FFmpegError
from edge_tts.exceptions import EdgeTTSException

from bot.rules.errors import Unavailable
from voice.audio import MODEL_RATE, Samples, from_frame

_BYTES_PER_SECOND = 48_000 / 8
_TICKS_PER_SECOND = 10_000_000
_CONNECT_SECONDS = 2
_RECEIVE_SECONDS = 5


class Mp3Stream:
    """mp3 in pieces of any size to 16 kHz samples: the first 120 ms give the first sound."""

    def __init__(self) -> None:
        self._codec = av.CodecContext.create("mp3", "r")
        self._resampler = AudioResampler(format="s16", layout="mono", rate=MODEL_RATE)
        self._decoded = 0

    def decode(self, data: bytes, last: bool = False) -> Samples:
        """Samples so far; ``last`` flushes, and raises `Unavailable` if it all was no mp3."""
        pieces: list[Samples] = []
        packets = list(self._codec.parse(data)) if data else []
        if last:
            packets += self._codec.parse(b"")
        for packet in packets:
            pieces += self._frames(packet)
        if last:
            pieces += self._frames(None)
            pieces += [from_frame(part) for part in self._resampler.resample(None)]
        self._decoded += sum(map(len, pieces))
        if last and not self._decoded:
            raise Unavailable("the outside voice sent no mp3")
        return np.concatenate(pieces) if pieces else np.zeros(0, np.int16)

    def _frames(self, packet: "av.Packet[Any] | None") -> list[Samples]:
        """A packet that is no sound (a tag, a broken frame) is passed over."""
        try:
            frames = self._codec.decode(packet)
        except FFmpegError:
            return []
        pieces = []
        for frame in frames:
            frame.pts = None
            pieces += [from_frame(part) for part in self._resampler.resample(frame)]
        return pieces


class OutsideVoice:
    """Sentences as mp3, piece by piece. ``proxy``: an HTTP proxy's URL where a site needs one."""

    def __init__(self, *, first_seconds: float, proxy: str = "") -> None:
        self._first_seconds = first_seconds
        self._proxy = proxy or None

    async def speak(self, sentence: str, voice: str, speed: float = 1.0) -> AsyncIterator[bytes]:
        """mp3 of ``sentence`` as it arrives.

        Raises `Unavailable` when nothing came in time, and when the end is missing.
        """
        talk = edge_tts.Communicate(
            sentence,
            voice,
            rate=f"{round((speed - 1) * 100):+d}%",
            proxy=self._proxy,
            connect_timeout=_CONNECT_SECONDS,
            receive_timeout=_RECEIVE_SECONDS,
        )
        received = 0
        promised = 0.0  # seconds, by the service's own sentence boundaries
        stream = talk.stream()
        try:
            while True:
                patience = _RECEIVE_SECONDS if received else self._first_seconds
                async with asyncio.timeout(patience):
                    chunk = await anext(stream, None)
                if chunk is None:
                    break
                if chunk["type"] == "audio":
                    received += len(chunk["data"])
                    yield chunk["data"]
                else:
                    end = (chunk["offset"] + chunk["duration"]) / _TICKS_PER_SECOND
                    promised = max(promised, end)
        except (EdgeTTSException, aiohttp.ClientError, OSError, TimeoutError) as error:
            raise Unavailable(f"the outside voice: {type(error).__name__}") from error
        except (ValueError, KeyError, RuntimeError) as error:
            raise Unavailable(f"the outside voice: {type(error).__name__}") from error
        finally:
            await stream.aclose()
        if not promised or received / _BYTES_PER_SECOND < math.floor(promised * 10) / 10 - 0.1:
            raise Unavailable("the outside voice was cut off")
