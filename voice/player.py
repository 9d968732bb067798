"""What the caller hears: a frame at every beat, sound or silence.

Utterances are played in the order they were begun. Their sound is brought to the line's rate a
little ahead of its time, so that a long answer costs no beat of another call. The rest of one that
was held can be played on; a short run-up before the place makes it understandable.
"""

from collections import deque
from collections.abc import Callable

import numpy as np

from voice.audio import FRAME_SECONDS, MODEL_RATE, Resampler, Samples, frame_bytes, to_bytes
from voice.signals import Played, SoundBegan

KEPT_SECONDS = 0.62  # of what went out; the echo of it may still come back
_RUN_UP_SECONDS = 0.4
_AHEAD = MODEL_RATE // 5  # samples that are converted at a time
_NONE = np.zeros(0, np.int16)


class _Utterance:
    """One of ours: ``coming`` at 16 kHz, ``ready`` at the line's rate."""

    def __init__(self, number: int, rate: int) -> None:
        self.number = number
        self.begun = False
        self.finished = False  # nothing more will come
        self.ready = bytearray()
        self._coming: deque[Samples] = deque()
        self._resampler = Resampler(MODEL_RATE, rate)
        self._flushed = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing to play now."""
        return not self.ready and not self._coming

    @property
    def over(self) -> bool:
        """Whether all of it has been played."""
        return self.finished and self.empty and self._flushed

    def feed(self, samples: Samples) -> None:
        """More of its sound."""
        self._coming.extend(samples[at : at + _AHEAD] for at in range(0, len(samples), _AHEAD))

    def frame(self, size: int) -> bytes | None:
        """Its next 20 ms, the last filled up with silence; None where they are not there yet."""
        while len(self.ready) < size and self._coming:
            self.ready += to_bytes(self._resampler.convert(self._coming.popleft()))
        if len(self.ready) < size and self.finished and not self._flushed:
            self._flushed = True
            self.ready += to_bytes(self._resampler.convert(_NONE, last=True))
        if not self.ready or (len(self.ready) < size and not self.finished):
            return None
        frame = bytes(self.ready[:size])
        del self.ready[:size]
        return frame.ljust(size, b"\0")


class Player:
    """Fed by jobs, drained by ``beat``. ``post`` gets `SoundBegan` and `Played`."""

    def __init__(self, rate: int, post: Callable[[SoundBegan | Played], None]) -> None:
        self._rate = rate
        self._frame = frame_bytes(rate)
        self._silence = bytes(self._frame)
        self._post = post
        self._utterances: deque[_Utterance] = deque()
        self._held = False
        self._tail: deque[bytes] = deque(maxlen=int(_RUN_UP_SECONDS / FRAME_SECONDS))
        kept = int(KEPT_SECONDS / FRAME_SECONDS)
        self._recent = deque([self._silence] * kept, maxlen=kept)
        self._quiet_frames = kept

    @property
    def sounding(self) -> bool:
        """Whether our voice is on the line."""
        return not self._held and any(not utterance.empty for utterance in self._utterances)

    def echo(self) -> bytes | None:
        """What went out lately, while any of it may still come back."""
        audible = self._quiet_frames < len(self._recent)
        return b"".join(self._recent) if audible else None

    def begin(self, number: int) -> None:
        """An utterance's sound will come, after those that were begun before."""
        self._utterances.append(_Utterance(number, self._rate))

    def feed(self, number: int, samples: Samples) -> None:
        """More of its sound (16 kHz); ignored when it was dropped."""
        for utterance in self._utterances:
            if utterance.number == number:
                utterance.feed(samples)

    def finish(self, number: int) -> None:
        """Its sound is complete."""
        for utterance in self._utterances:
            if utterance.number == number:
                utterance.finished = True

    def hold(self) -> None:
        """Silence from the next frame on, the rest kept."""
        self._held = True

    def resume(self) -> None:
        """Go on a little before the place where it was held."""
        if self._held and self._utterances and self._utterances[0].begun:
            self._utterances[0].ready[:0] = b"".join(self._tail)
        self._held = False
        self._tail.clear()

    def drop(self) -> None:
        """Forget everything that has not been played."""
        self._utterances.clear()
        self._tail.clear()
        self._held = False

    def beat(self) -> bytes:
        """The frame of the next 20 ms."""
        frame = None if self._held else self._next()
        self._quiet_frames = self._quiet_frames + 1 if frame is None else 0
        self._recent.append(frame or self._silence)
        return frame or self._silence

    def _next(self) -> bytes | None:
        while self._utterances:
            utterance = self._utterances[0]
            frame = utterance.frame(self._frame)
            if frame is not None:
                if not utterance.begun:
                    utterance.begun = True
                    self._post(SoundBegan(utterance.number))
                self._tail.append(frame)
                return frame
            if not utterance.over:
                return None
            self._utterances.popleft()
            self._tail.clear()
            self._post(Played(utterance.number))
        return None
