"""What a call needs of its line, whatever the line is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.rules.session import Next
from voice.metronome import Beat
from voice.signals import KeyPressed


@dataclass(frozen=True)
class Frame:
    """Sound from the caller: s16 mono at the leg's rate, of any length."""

    pcm: bytes


Hear = Callable[[Frame | KeyPressed], None]


class CallLeg(Protocol):
    """One caller's line."""

    call_id: str
    caller: str | None
    rate: int

    def now(self) -> float:
        """Seconds on the line's own clock."""

    async def carry(self, hear: Hear, beat: Beat) -> None:
        """Until the caller is gone: what comes goes to ``hear``, ``beat`` is due every 20 ms."""

    def send(self, frame: bytes) -> None:
        """20 ms of s16 at ``rate``; never waits. A line that is gone or stuck swallows it."""

    def flush(self) -> None:
        """Throw away what the far side has queued and not played."""

    async def close(self, then: Next) -> None:
        """The call leaves us; ``then`` tells the line where to."""
