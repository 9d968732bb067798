"""Client of the voice process, for channels that are not calls: speech to text and back."""

import json
from dataclasses import dataclass

import aiohttp

from bot.rules.errors import Rejected, Unavailable

LOST = (aiohttp.ClientError, TimeoutError)
REASONS = {"too_long": "audio_too_long", "silence": "audio_silent", "empty": "audio_empty"}
SPOKEN_BYTES_LIMIT = 8 * 1024 * 1024


@dataclass(frozen=True)
class Heard:
    """What was understood of a recording."""

    text: str
    confidence: float | None
    demonstration: bool  # a small demonstration model listened


@dataclass(frozen=True)
class Sound:
    """A sentence as audio."""

    mime: str
    data: bytes


class Speech:
    """The voice process at ``url``; ``seconds`` is how long an answer may take."""

    def __init__(self, http: aiohttp.ClientSession, url: str, seconds: float) -> None:
        self._http = http
        self._url = url.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=seconds)

    async def transcribe(self, recording: bytes, mime: str) -> Heard:
        """What a recording says. Rejected: it is not audio, or too long. Unavailable: no answer."""
        form = aiohttp.FormData()
        form.add_field("file", recording, filename="recording", content_type=mime.split(";")[0])
        try:
            async with self._http.post(
                f"{self._url}/v1/audio/transcriptions", data=form, timeout=self._timeout
            ) as response:
                body = await response.read()
                if 400 <= response.status < 500:
                    raise _refused(body)
                if response.status != 200:
                    raise Unavailable(f"voice process answered {response.status}")
        except LOST as error:
            raise Unavailable("voice process did not answer") from error
        return _heard(body)

    async def speak(self, text: str) -> Sound:
        """A sentence read aloud. Unavailable: no answer."""
        wish = {"input": text, "voice": "mandarin", "response_format": "mp3"}
        try:
            async with self._http.post(
                f"{self._url}/v1/audio/speech", json=wish, timeout=self._timeout
            ) as response:
                if response.status != 200:
                    raise Unavailable(f"voice process answered {response.status}")
                data = await response.content.read(SPOKEN_BYTES_LIMIT)
                return Sound(response.content_type, data)
        except LOST as error:
            raise Unavailable("voice process did not answer") from error


def _refused(body: bytes) -> Rejected:
    """The voice process's reason, as a page knows it."""
    try:
        code = json.loads(body)["error"]["code"]
    except (ValueError, KeyError, TypeError):
        code = ""
    return Rejected(
        f"recording refused: {code}", code=REASONS.get(code, "audio_unreadable"), field="audio"
    )


def _heard(body: bytes) -> Heard:
    try:
        answer = json.loads(body)
        return Heard(
            str(answer["text"]), answer.get("confidence"), bool(answer.get("demonstration", False))
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Unavailable("voice process answered something else") from error
