"""How different WebSocket peers carry a call, one class each. No sockets here.

``asterisk``: chan_websocket with JSON control, raw s16. ``twilio``: JSON only, base64 mu-law.
``l16``: binary s16, one JSON text at the beginning (jambonz, mod_audio_fork, our own page).
"""

import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.rules.errors import Rejected
from bot.rules.session import Next
from voice.audio import from_law, to_law
from voice.legs.leg import Frame
from voice.signals import KeyPressed

MOST_BYTES = 64_000  # a second of 32 kHz; a longer message is nonsense
KEYS = frozenset("0123456789*#ABCD")
Message = str | bytes


@dataclass(frozen=True)
class Started:
    """The peer's own account of the call."""

    call_id: str | None
    caller: str | None


@dataclass(frozen=True)
class Stopped:
    """The peer says that the call is over."""


Happened = Started | Stopped | Frame | KeyPressed


class Dialect(Protocol):
    """``read`` takes a message of the peer, the others give messages for it."""

    rate: int

    def read(self, message: Message) -> list[Happened]:
        """Raises `Rejected` for what is not of this dialect."""

    def sound(self, pcm: bytes) -> Message:
        """20 ms of s16 for the caller."""

    def flush(self) -> Message | None:
        """Throw away what is queued."""

    def over(self, then: Next) -> Message | None:
        """The call leaves us."""


def control(message: Message) -> dict[str, Any]:
    """A JSON object, or `Rejected`."""
    try:
        data = json.loads(message)
    except (ValueError, RecursionError) as error:
        raise Rejected("a message that is neither sound nor JSON", code="bad_frame") from error
    if not isinstance(data, dict):
        raise Rejected("a message that is no JSON object", code="bad_frame")
    return data


def part(data: dict[str, Any], *names: str) -> dict[str, Any]:
    """The object that ``data`` has under the first of ``names`` that it has; empty for none."""
    found: Any = next((data[name] for name in names if data.get(name)), {})
    if not isinstance(found, dict):
        raise Rejected(f"{names[0]} is no JSON object", code="bad_frame")
    return found


def text(value: object) -> str | None:
    """A name or a number, where it is one."""
    return value if isinstance(value, str) else None


def sound(message: bytes) -> Frame:
    """Raw s16, or `Rejected` for a length that no line sends."""
    if len(message) > MOST_BYTES:
        raise Rejected(f"{len(message)} bytes of sound in one message", code="bad_frame")
    return Frame(message)


def key(digit: object) -> list[Happened]:
    """A key, where it is one."""
    return [KeyPressed(digit)] if isinstance(digit, str) and digit in KEYS and digit else []


@dataclass
class Asterisk:
    """chan_websocket (Asterisk 20.18, 22.8 and newer) with ``c(slin16)``."""

    rate: int = 16_000

    def read(self, message: Message) -> list[Happened]:
        if isinstance(message, bytes):
            return [sound(message)]
        data = control(message)
        event = data.get("event")
        if event == "MEDIA_START":
            if data.get("format") != "slin16":
                given = str(data.get("format"))[:20]
                raise Rejected(f"format {given}, not slin16", code="bad_rate")
            names = part(data, "channel_variables")
            return [Started(text(names.get("CALLUUID")), text(names.get("CALLER")))]
        if event == "DTMF_END":
            return key(data.get("digit"))
        return []

    def sound(self, pcm: bytes) -> Message:
        return pcm

    def flush(self) -> Message | None:
        return json.dumps({"command": "FLUSH_MEDIA"})

    def over(self, then: Next) -> Message | None:
        return json.dumps({"command": "HANGUP"})


@dataclass
class Twilio:
    """Media Streams, and those who speak likewise (Telnyx and others in their own spelling)."""

    rate: int = 8000
    _stream: dict[str, Any] = field(default_factory=dict)

    def read(self, message: Message) -> list[Happened]:
        if isinstance(message, bytes):
            raise Rejected("binary where JSON is spoken", code="bad_frame")
        data = control(message)
        match data.get("event"):
            case "start":
                return [self._start(data)]
            case "media":
                return [self._media(data)]
            case "dtmf":
                pressed = data.get("dtmf")
                return key(pressed.get("digit")) if isinstance(pressed, dict) else []
            case "stop":
                return [Stopped()]
        return []

    def sound(self, pcm: bytes) -> Message:
        payload = base64.b64encode(to_law(pcm, "ulaw")).decode()
        return json.dumps({"event": "media", **self._stream, "media": {"payload": payload}})

    def flush(self) -> Message | None:
        return json.dumps({"event": "clear", **self._stream})

    def over(self, then: Next) -> Message | None:
        return None

    def _start(self, data: dict[str, Any]) -> Started:
        for name in ("streamSid", "stream_id", "streamId", "stream_sid"):
            if name in data:
                self._stream = {name: data[name]}
        start = data.get("start")
        if not isinstance(start, dict):
            raise Rejected("a start without its account of the call", code="bad_frame")
        form = part(start, "mediaFormat", "media_format")
        rate = form.get("sampleRate") or form.get("sample_rate") or self.rate
        if str(rate) != str(self.rate):
            raise Rejected(f"{str(rate)[:20]} Hz, not {self.rate}", code="bad_rate")
        named = part(start, "customParameters", "custom_parameters")
        return Started(text(named.get("call")), text(named.get("caller")))

    def _media(self, data: dict[str, Any]) -> Frame:
        try:
            law = base64.b64decode(data["media"]["payload"], validate=True)
        except (KeyError, TypeError, binascii.Error, ValueError) as error:
            raise Rejected("a media message without sound", code="bad_frame") from error
        return sound(from_law(law, "ulaw"))


@dataclass
class L16:
    """Binary s16 at a rate that the address names; a JSON text at the beginning is optional."""

    rate: int = 16_000

    def read(self, message: Message) -> list[Happened]:
        if isinstance(message, bytes):
            return [sound(message)]
        data = control(message)
        if data.get("event") == "dtmf":
            return key(data.get("dtmf") or data.get("digit"))
        if data.get("event") in ("stop", "hangup"):
            return [Stopped()]
        rate = data.get("sampleRate", self.rate)
        if rate != self.rate:
            raise Rejected(f"{str(rate)[:20]} Hz, not {self.rate}", code="bad_rate")
        return []

    def sound(self, pcm: bytes) -> Message:
        return pcm

    def flush(self) -> Message | None:
        return json.dumps({"type": "killAudio", "event": "clear"})

    def over(self, then: Next) -> Message | None:
        return json.dumps({"type": "disconnect", "event": "ended", "next": then.value})


RATES = (8000, 16_000)


def dialect(name: str, rate: int) -> Dialect:
    """By name. Raises `Rejected` for a name or a rate that nobody here speaks."""
    if name == "asterisk":
        return Asterisk()
    if name == "twilio":
        return Twilio()
    if name != "l16":
        raise Rejected(f"no dialect {name!r}", code="bad_dialect", field="dialect")
    if rate not in RATES:
        raise Rejected(f"{rate} Hz, not one of {RATES}", code="bad_rate", field="rate")
    return L16(rate)
