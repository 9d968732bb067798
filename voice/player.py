"""What the caller hears: a frame at every beat, sound or silence.

Utterances are played in the order they were begun. The rest of one that was held can be
played on; a short run-up before the place makes it understandable.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from voice.audio import MODEL_RATE, Resampler, Samples, frame_bytes, to_bytes
from voice.signals import Played, SoundBegan

_RUN_UP_SECONDS = 0.4


@dataclass
class _Utterance:
    number: int
    resampler: Resampler
    rest: bytearray = field(default_factory=bytearray)
    finished: bool = False
    begun: bool = False


class Player:
    """Fed by jobs, drained by ``beat``. ``post`` gets `SoundBegan` and `Played`."""

    def __init__(self, rate: int, post: Callable[[SoundBegan | Played], None]) -> None:
        self._rate = rate
        self._frame = frame_bytes(rate)
        self._silence = bytes(self._frame)
        self._post = post
        self._utterances: deque[_Utterance] = deque()
        self._held = False
        self._tail: deque[bytes] = deque(maxlen=int(_RUN_UP_SECONDS / 0.02))
        self.recent: deque[bytes] = deque(maxlen=50)  # frames that went out last, a second

    @property
    def sounding(self) -> bool:
        """Whether our voice is on the line."""
        return not self._held and any(utterance.rest for utterance in self._utterances)

    def echo(self) -> bytes | None:
        """What went out in the last second, while any of it may still come back."""
        return b"".join(self.recent) if any(map(any, self.recent)) else None

    def begin(self, number: int) -> None:
        """An utterance's sound will come, after those that were begun before."""
        self._utterances.append(_Utterance(number, Resampler(MODEL_RATE, self._rate)))

    def feed(self, number: int, samples: Samples) -> None:
        """More of its sound (16 kHz); ignored when it was dropped."""
        for utterance in self._utterances:
            if utterance.number == number:
                utterance.rest += to_bytes(utterance.resampler.convert(samples))

    def finish(self, number: int) -> None:
        """Its sound is complete."""
        for utterance in self._utterances:
            if utterance.number == number:
                tail = utterance.resampler.convert(np.zeros(0, np.int16), last=True)
                utterance.rest += to_bytes(tail)
                utterance.finished = True

    def hold(self) -> None:
        """Silence from the next frame on, the rest kept."""
        self._held = True

    def resume(self) -> None:
        """Go on a little before the place where it was held."""
        if self._held and self._utterances and self._utterances[0].begun:
            self._utterances[0].rest[:0] = b"".join(self._tail)
        self._held = False
        self._tail.clear()

    def drop(self) -> None:
        """Forget everything that has not been played."""
        self._utterances.clear()
        self._tail.clear()
        self._held = False

    def beat(self) -> bytes:
        """The frame of the next 20 ms."""
        frame = self._silence if self._held else (self._next() or self._silence)
        self.recent.append(frame)
        return frame

    def _next(self) -> bytes | None:
        while self._utterances:
            utterance = self._utterances[0]
            if len(utterance.rest) >= self._frame or (utterance.finished and utterance.rest):
                frame = bytes(utterance.rest[: self._frame]).ljust(self._frame, b"\0")
                del utterance.rest[: self._frame]
                if not utterance.begun:
                    utterance.begun = True
                    self._post(SoundBegan(utterance.number))
                self._tail.append(frame)
                return frame
            if not utterance.finished:
                return None
            self._utterances.popleft()
            self._tail.clear()
            self._post(Played(utterance.number))
        return None
