"""One line that is held by one after the other: the machine, a person, the machine again."""

import asyncio

from bot.rules.session import Next
from voice.audio import frame_bytes
from voice.legs.leg import CallLeg, Frame, Hear
from voice.metronome import Beat
from voice.signals import KeyPressed


class SharedLeg:
    """What a holder gets for the line. Closing it gives the line back and does not end it."""

    def __init__(self, leg: CallLeg) -> None:
        self.call_id, self.caller, self.rate = leg.call_id, leg.caller, leg.rate
        self._leg = leg
        self._holder: tuple[Hear, Beat] | None = None
        self._gone = asyncio.Event()
        self._silence = bytes(frame_bytes(leg.rate))

    async def keep(self) -> None:
        """Carry the line until the caller is gone."""
        try:
            await self._leg.carry(self._hear, self._beat)
        finally:
            self._gone.set()

    def now(self) -> float:
        return self._leg.now()

    def send(self, frame: bytes) -> None:
        self._leg.send(frame)

    def flush(self) -> None:
        self._leg.flush()

    async def carry(self, hear: Hear, beat: Beat) -> None:
        """Until the caller is gone, or the holder has enough."""
        self._holder = (hear, beat)
        try:
            await self._gone.wait()
        finally:
            self._holder = None

    async def close(self, then: Next) -> None:
        """Somebody else will hold it."""

    def _hear(self, came: Frame | KeyPressed) -> None:
        if self._holder is not None:
            self._holder[0](came)

    def _beat(self) -> None:
        if self._holder is not None:
            self._holder[1]()
        else:
            self._leg.send(self._silence)
