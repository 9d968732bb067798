"""A call from recordings: each is said when it is the caller's turn; what they hear is kept.

Time is the line's own: it runs with the wall clock while somebody works (recogniser, dialogue,
voice), so that the timings are true, and as fast as the machine can while sound only passes.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from bot.rules.session import Next
from voice.audio import FRAME_SECONDS, Samples, frame_bytes, from_bytes, to_bytes
from voice.legs.leg import Frame, Hear
from voice.metronome import Beat

_BEFORE_SPEAKING_SECONDS = 0.3
_AFTER_LAST_SECONDS = 0.6


class Watched(Protocol):
    """What the leg looks at in the call it feeds."""

    @property
    def listening(self) -> bool:
        """It is the caller's turn and nothing sounds."""

    @property
    def working(self) -> bool:
        """A job is under way."""

    @property
    def behind(self) -> bool:
        """There are events that have not been looked at."""


class FileLeg:
    """``said``: the caller's utterances at ``rate``; they hang up after the last is answered.

    ``real_time``: never faster than the wall clock, for several calls at once.
    """

    def __init__(
        self,
        call_id: str,
        said: Sequence[Samples],
        *,
        rate: int = 8000,
        caller: str | None = None,
        real_time: bool = False,
    ) -> None:
        self._real_time = real_time
        self.call_id, self.caller, self.rate = call_id, caller, rate
        self._said = [to_bytes(samples) for samples in said]
        self._call: Watched | None = None
        self._now = 0.0
        self.incoming = bytearray()
        self.outgoing = bytearray()
        self.closed: Next | None = None

    def watch(self, call: Watched) -> None:
        """The call that this leg feeds."""
        self._call = call

    def speaks(self, quiet: float) -> bool:
        """Whether the caller begins now: it has been their turn for ``quiet`` seconds."""
        return quiet >= _BEFORE_SPEAKING_SECONDS

    def line(self, frame: bytes) -> bytes:
        """What the line makes of 20 ms of the caller: nothing else here."""
        return frame

    def now(self) -> float:
        return self._now

    def send(self, frame: bytes) -> None:
        self.outgoing += frame

    def flush(self) -> None:
        return

    async def close(self, then: Next) -> None:
        self.closed = then

    async def carry(self, hear: Hear, beat: Beat) -> None:
        """Silence while it is our turn, an utterance while it is the caller's."""
        size = frame_bytes(self.rate)
        rest, quiet, waiting = b"", 0.0, list(self._said)
        while True:
            call = self._call
            quiet = quiet + FRAME_SECONDS if not rest and call and call.listening else 0.0
            if waiting and self.speaks(quiet):
                rest = waiting.pop(0)
            elif not waiting and quiet >= _AFTER_LAST_SECONDS:
                return
            frame, rest = self.line(rest[:size].ljust(size, b"\0")), rest[size:]
            self.incoming += frame
            hear(Frame(frame))
            beat()
            await self._pass_time()

    async def _pass_time(self) -> None:
        """One frame later: real time while a job is under way."""
        self._now += FRAME_SECONDS
        due = time.monotonic() + FRAME_SECONDS
        while self._call and self._call.behind:  # noqa: ASYNC110 - polled once a frame, never waits
            await asyncio.sleep(0)
        if self._real_time or (self._call and self._call.working):
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            late = time.monotonic() - due
            self._now += max(0.0, late)

    def recording(self) -> Samples:
        """Both directions, ``[frames, 2]``: the caller left, we right."""
        both = [from_bytes(bytes(side)) for side in (self.incoming, self.outgoing)]
        length = max(len(side) for side in both)
        return np.stack([np.pad(side, (0, length - len(side))) for side in both], axis=1)
