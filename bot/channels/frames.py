"""What a web page may send over its WebSocket, read and checked. Pure: no I/O, no clock.

A page sends JSON objects with a ``type``; each becomes one of the dataclasses here, or a
``Rejected`` that names the field. Audio follows its ``audio`` frame as one binary message.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.rules.errors import Rejected
from bot.rules.hearing import clean

AUDIO_SECONDS_LIMIT = 60
AUDIO_BYTES_LIMIT = 3 * 1024 * 1024
SEQ_LIMIT = 2**53
ID = re.compile(r"[0-9A-Za-z_-]{8,64}")
MIME = re.compile(r"audio/[0-9a-z.+-]{1,40}(;\s*codecs=[0-9A-Za-z.,\"-]{1,40})?")


@dataclass(frozen=True)
class Hello:
    """Go on with a session, or begin one; turns after ``after`` are sent again."""

    session: str | None
    after: int


@dataclass(frozen=True)
class Say:
    """One utterance. The same ``id`` again is the same utterance."""

    id: str
    text: str
    spoken: bool


@dataclass(frozen=True)
class Audio:
    """A recording follows as the next binary message."""

    id: str
    mime: str
    seconds: float


@dataclass(frozen=True)
class Speak:
    """Read the turn ``seq`` aloud."""

    seq: int


@dataclass(frozen=True)
class CallBack:
    """Rather a call back to this number than to wait on."""

    phone: str


Frame = Hello | Say | Audio | Speak | CallBack


def read(message: str) -> Frame:
    """The frame in a text message.

    Rejected: ``frame_malformed`` where it is not one of ours, otherwise the code of the field.
    """
    try:
        frame = json.loads(message)
    except (ValueError, RecursionError):
        raise Rejected("not JSON", code="frame_malformed") from None
    if not isinstance(frame, dict):
        raise Rejected("not an object", code="frame_malformed")
    reader = READERS.get(str(frame.get("type")))
    if reader is None:
        raise Rejected("unknown type", code="frame_malformed", field="type")
    return reader(frame)


def _hello(frame: dict[str, Any]) -> Hello:
    session = frame.get("session")
    if session is not None and (not isinstance(session, str) or len(session) > 200):
        raise Rejected("not a session token", code="session_forged", field="session")
    return Hello(session, _seq(frame.get("after", 0), "after"))


def _say(frame: dict[str, Any]) -> Say:
    text = frame.get("text")
    if not isinstance(text, str):
        raise Rejected("text missing", code="frame_malformed", field="text")
    return Say(_id(frame), clean(text), frame.get("spoken") is True)


def _audio(frame: dict[str, Any]) -> Audio:
    mime, seconds = frame.get("mime"), frame.get("seconds")
    if not isinstance(mime, str) or not MIME.fullmatch(mime):
        raise Rejected("not an audio type", code="audio_unreadable", field="mime")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds >= 0:
        raise Rejected("seconds missing", code="frame_malformed", field="seconds")
    if seconds > AUDIO_SECONDS_LIMIT:
        raise Rejected("recording too long", code="audio_too_long", field="seconds")
    return Audio(_id(frame), mime, float(seconds))


def _speak(frame: dict[str, Any]) -> Speak:
    return Speak(_seq(frame.get("seq"), "seq"))


def _call_back(frame: dict[str, Any]) -> CallBack:
    phone = frame.get("phone")
    if not isinstance(phone, str) or len(phone) > 40:
        raise Rejected("not a number", code="phone_malformed", field="phone")
    return CallBack(phone)


def _id(frame: dict[str, Any]) -> str:
    found = frame.get("id")
    if not isinstance(found, str) or not ID.fullmatch(found):
        raise Rejected("id missing or malformed", code="frame_malformed", field="id")
    return found


def _seq(value: Any, field: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < SEQ_LIMIT:
        raise Rejected(f"{field} is not a turn number", code="frame_malformed", field=field)
    return value


READERS: dict[str, Callable[[dict[str, Any]], Frame]] = {
    "hello": _hello,
    "say": _say,
    "audio": _audio,
    "speak": _speak,
    "call_back": _call_back,
}


def about(message: Any) -> dict[str, str]:
    """Which utterance a refused message was about, as far as it tells."""
    try:
        found = json.loads(message).get("id") if isinstance(message, str) else None
    except (ValueError, RecursionError, AttributeError):
        return {}
    return {"id": found} if isinstance(found, str) and ID.fullmatch(found) else {}
