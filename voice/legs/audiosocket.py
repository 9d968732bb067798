"""Asterisk's AudioSocket: s16 little-endian at 8 kHz over TCP, Asterisk is the client.

A frame is kind, length (two bytes, big-endian), payload. The first says who it is (a UUID that
was announced). Frames are as long as the caller's packets, not always 20 ms; no sound comes
while a key is down; Asterisk drops a call when two seconds pass without a frame from us, so
something is always sent. There is no flush: we pace, so that little is ever under way.
"""

import asyncio
import uuid

from bot.rules.errors import Rejected
from bot.rules.session import Next
from voice.legs.incoming import Incoming
from voice.legs.leg import Frame, Hear
from voice.metronome import Beat, Metronome
from voice.signals import KeyPressed

HANG_UP, IDENTITY, KEY, ERROR = 0x00, 0x01, 0x03, 0xFF
RATES = {0x10: 8000, 0x11: 12000, 0x12: 16000, 0x13: 24000, 0x14: 32000}
MOST_BYTES = 8000  # a quarter of a second at the highest rate; a longer frame is nonsense
KEYS = frozenset("0123456789*#ABCD")

_IDENTITY_SECONDS = 2.0
_IDLE_SECONDS = 30.0
_MOST_QUEUED_BYTES = 16_000  # a second; more means that the far side does not read


class Parser:
    """Bytes in, frames out; no socket. Raises `Rejected` for what is no AudioSocket."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """The frames that are complete: kind and payload."""
        if not self._data and len(data) > 2 and len(data) - 3 == int.from_bytes(data[1:3], "big"):
            self._check(data[0], len(data) - 3)  # one whole frame, as they mostly come
            return [(data[0], data[3:])]
        self._data += data
        frames = []
        while len(self._data) >= 3:
            kind, length = self._data[0], int.from_bytes(self._data[1:3], "big")
            self._check(kind, length)
            if len(self._data) < 3 + length:
                break
            frames.append((kind, bytes(self._data[3 : 3 + length])))
            del self._data[: 3 + length]
        return frames

    @staticmethod
    def _check(kind: int, length: int) -> None:
        known = kind in (HANG_UP, IDENTITY, KEY, ERROR) or kind in RATES
        if not known:
            raise Rejected(f"AudioSocket: unknown kind {kind:#04x}", code="bad_frame")
        if length > MOST_BYTES or (kind == IDENTITY and length != 16):
            raise Rejected(f"AudioSocket: {length} bytes in kind {kind:#04x}", code="bad_frame")


def pack(kind: int, payload: bytes = b"") -> bytes:
    """A frame as bytes."""
    return bytes((kind,)) + len(payload).to_bytes(2, "big") + payload


async def identify(reader: Incoming) -> str:
    """The UUID at the head of a connection. Raises `Rejected` when it does not come."""
    try:
        async with asyncio.timeout(_IDENTITY_SECONDS):
            head = await reader.readexactly(3)
            Parser._check(head[0], int.from_bytes(head[1:], "big"))
            if head[0] != IDENTITY:
                raise Rejected("AudioSocket: the first frame is no identity", code="bad_frame")
            return str(uuid.UUID(bytes=await reader.readexactly(16)))
    except (TimeoutError, asyncio.IncompleteReadError, OSError) as error:
        raise Rejected("AudioSocket: no identity came", code="bad_frame") from error


class AudioSocketLeg:
    """A connection that has been identified and let in."""

    rate = 8000

    def __init__(
        self,
        call_id: str,
        caller: str | None,
        reader: Incoming,
        writer: asyncio.StreamWriter,
        metronome: Metronome,
    ) -> None:
        self.call_id, self.caller = call_id, caller
        self._reader, self._writer = reader, writer
        self._metronome = metronome
        self._heard_at = self.now()
        self.refused: Rejected | None = None  # why the line was closed by us

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    def send(self, frame: bytes) -> None:
        transport = self._writer.transport
        if transport.is_closing() or transport.get_write_buffer_size() > _MOST_QUEUED_BYTES:
            return
        transport.write(pack(0x10, frame))
        if self.now() - self._heard_at > _IDLE_SECONDS:
            transport.abort()

    def flush(self) -> None:
        return

    async def carry(self, hear: Hear, beat: Beat) -> None:
        """Until the far side closes, sends nonsense or nothing at all."""
        parser = Parser()

        def came(data: bytes) -> bool:
            self._heard_at = self.now()
            for kind, payload in parser.feed(data):
                if kind in (HANG_UP, ERROR):
                    return True
                event = self._event(kind, payload)
                if event is not None:
                    hear(event)
            return False

        self._metronome.join(beat)
        try:
            await self._reader.tell(came)
        except Rejected as error:
            self.refused = error
        finally:
            self._metronome.leave(beat)

    def _event(self, kind: int, payload: bytes) -> Frame | KeyPressed | None:
        if kind == KEY:
            key = payload.decode("ascii", "replace")
            return KeyPressed(key) if key in KEYS and len(key) == 1 else None
        if kind in RATES and RATES[kind] != self.rate:
            raise Rejected(f"AudioSocket: {RATES[kind]} Hz, not {self.rate}", code="bad_rate")
        return Frame(payload) if kind in RATES else None

    async def close(self, then: Next) -> None:
        """Asterisk's dialplan goes on after this."""
        if not self._writer.is_closing():
            self._writer.write(pack(HANG_UP))
            self._writer.close()
