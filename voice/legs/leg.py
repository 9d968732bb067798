"""What a call needs of its line, whatever the line is."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from bot.rules.session import Next
from voice.audio import FRAME_SECONDS
from voice.signals import KeyPressed


@dataclass(frozen=True)
class Frame:
    """Sound from the caller: s16 mono at the leg's rate, of any length."""

    pcm: bytes


class CallLeg(Protocol):
    """One caller's line. ``events`` ends when they hang up."""

    call_id: str
    caller: str | None
    rate: int

    def now(self) -> float:
        """Seconds on the line's own clock."""

    async def tick(self) -> None:
        """Wait for the next 20 ms slot of outgoing sound."""

    async def send(self, frame: bytes) -> None:
        """20 ms of s16 at ``rate``. A line that is gone swallows it."""

    async def flush(self) -> None:
        """Throw away what the far side has queued and not played."""

    def events(self) -> AsyncIterator[Frame | KeyPressed]:
        """What comes from the caller."""

    async def close(self, then: Next) -> None:
        """The call leaves us; ``then`` tells the line where to."""


class Pace:
    """A steady 20 ms clock that does not drift, and does not rush after a stall."""

    MOST_BEHIND_SECONDS = 0.1

    def __init__(self) -> None:
        self._next_at: float | None = None
        self.latest_seconds = 0.0  # how late the latest slot was

    async def tick(self) -> None:
        """Sleep until the next slot."""
        now = asyncio.get_running_loop().time()
        if self._next_at is None or now - self._next_at > self.MOST_BEHIND_SECONDS:
            self._next_at = now
        self.latest_seconds = max(0.0, now - self._next_at)
        await asyncio.sleep(self._next_at - now if self._next_at > now else 0)
        self._next_at += FRAME_SECONDS
