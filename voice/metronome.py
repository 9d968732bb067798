"""One steady clock for all lines: every 20 ms each of them gets its beat.

A timer a call would wake the loop for every frame of every call. Here the lines share four
slots, 5 ms apart, so that a hundred frames do not go out in one burst. The clock does not
drift, and after a stall it does not rush.
"""

import asyncio
from collections.abc import Callable

from voice.audio import FRAME_SECONDS

SLOTS = 4
MOST_BEHIND_SECONDS = 0.1

Beat = Callable[[], None]


class Metronome:
    """One per process. A beat neither waits nor raises."""

    def __init__(self) -> None:
        self._slots: tuple[list[Beat], ...] = tuple([] for _ in range(SLOTS))
        self._slot = 0
        self._due = 0.0
        self._timer: asyncio.Handle | None = None
        self.late_seconds = 0.0  # how late the beats have been lately

    def join(self, beat: Beat) -> None:
        """``beat`` is called every 20 ms from now on."""
        min(self._slots, key=len).append(beat)
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._due = loop.time()
            self._timer = loop.call_soon(self._strike)

    def leave(self, beat: Beat) -> None:
        """No more."""
        for slot in self._slots:
            if beat in slot:
                slot.remove(beat)
        if self._timer is not None and not any(self._slots):
            self._timer.cancel()
            self._timer = None
            self.late_seconds = 0.0

    def _strike(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        late = max(0.0, now - self._due)
        self.late_seconds += 0.01 * (late - self.late_seconds)
        if late > MOST_BEHIND_SECONDS:
            self._due = now
        self._due += FRAME_SECONDS / SLOTS
        self._timer = loop.call_at(self._due, self._strike)
        beats, self._slot = self._slots[self._slot], (self._slot + 1) % SLOTS
        for beat in tuple(beats):
            beat()
