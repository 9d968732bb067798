"""From a line's frames to what was heard: 16 kHz, voice detector, segments, echo gate."""

from collections import deque
from collections.abc import Callable

import numpy as np

from voice.audio import (
    MODEL_RATE,
    SAMPLE_BYTES,
    STEP,
    STEP_SECONDS,
    Doubler,
    Samples,
    from_bytes,
    level,
    peak,
    to_floats,
)
from voice.echo import (
    FIRST_THRESHOLD,
    HEARD_SECONDS,
    LOUDEST,
    NOISY_THRESHOLD,
    PLAYED_SECONDS,
    SOFTER_DB,
    THRESHOLD,
    sharpened,
    similarity,
)
from voice.segments import Expectation, Heard, Segmenter
from voice.vad import VoiceDetector

_NOTHING = 32  # of 32768: the noise of G.711 itself is 8
_SILENT_STEPS = 6  # after which the detector may rest
_ECHO_RATE = 8000
_SURE_SECONDS = 0.5  # of voice without a pause: a step or two later is soon enough to know more
_IN_THE_MIDDLE, _BETWEEN = 4, 2  # steps that are looked at together then, and while all are silent
_ECHOING_STEPS = 100  # how long a line that echoed is taken to echo on: 3 s of voice


class Ear:
    """One call's. ``played`` gives what went out lately (s16 at ``rate``), None for silence."""

    def __init__(self, rate: int, played: Callable[[], bytes | None]) -> None:
        self._rate = rate
        self._played = played
        self._doubler = Doubler() if rate != MODEL_RATE else None
        self._detector = VoiceDetector()
        self._segmenter = Segmenter()
        self._block = STEP * rate // MODEL_RATE * SAMPLE_BYTES  # a step of the line's sound
        self._gathered = bytearray()
        self._silent_steps = 0
        self._echoes = 0
        self._latest: deque[Samples] = deque(maxlen=int(HEARD_SECONDS * MODEL_RATE / STEP))

    @property
    def speaking(self) -> bool:
        """Whether an utterance is going on."""
        return self._segmenter.speaking

    def expect(self, expectation: Expectation) -> None:
        """How long a pause ends the next utterance."""
        self._segmenter.expectation = expectation

    def finish(self) -> None:
        """What was said before this pause sounds finished."""
        self._segmenter.finish()

    def hear(self, pcm: bytes) -> list[Heard]:
        """A frame of any length at the line's rate."""
        self._gathered += pcm
        heard: list[Heard] = []
        while len(self._gathered) >= (size := self._block * self._together()):
            sound = from_bytes(bytes(self._gathered[:size]))
            del self._gathered[:size]
            if self._doubler is not None:
                sound = self._doubler.convert(sound)
            heard += self._look(sound)
        return heard

    def _together(self) -> int:
        """How many steps the detector may look at in one go: where it hurries no one, several."""
        if self._segmenter.speaking:
            on = self._segmenter.run_seconds > _SURE_SECONDS and not self._segmenter.pausing
            return _IN_THE_MIDDLE if on else 1
        return _BETWEEN if self._played() is None else 1

    def _look(self, sound: Samples) -> list[Heard]:
        found = self._probabilities(sound)
        steps = sound.reshape(-1, STEP)
        self._latest.extend(steps)
        echo = max(found) >= self._segmenter.keep_probability and self._is_echo()
        heard: list[Heard] = []
        for step, probability in zip(steps, found, strict=True):
            heard += self._segmenter.step(step, probability, echo)
        return heard

    def _probabilities(self, sound: Samples) -> list[float]:
        """The detector's, which need not look at a line on which nothing at all is heard.

        After such a silence it is shown the step before first, so that it knows where it is.
        """
        if peak(sound) < _NOTHING:
            self._silent_steps += len(sound) // STEP
            if self._silent_steps > _SILENT_STEPS:
                return [0.0] * (len(sound) // STEP)
        elif self._silent_steps > _SILENT_STEPS and self._latest:
            self._silent_steps = 0
            self._detector.probability(to_floats(self._latest[-1]))
        else:
            self._silent_steps = 0
        return self._detector.probabilities(to_floats(sound))

    def _is_echo(self) -> bool:
        """Whether the last quarter of a second is what we have just said.

        A window that voice only begins to fill looks like anything, so the first quarter of a
        second of voice is judged only on a line that is known to echo.
        """
        self._echoes -= 1
        known = self._echoes >= 0
        if not known and self._segmenter.run_seconds + STEP_SECONDS < HEARD_SECONDS:
            return False
        pcm = self._played()
        if pcm is None or len(self._latest) < (self._latest.maxlen or 0):
            return False
        played = from_bytes(pcm)[:: self._rate // _ECHO_RATE][-int(PLAYED_SECONDS * _ECHO_RATE) :]
        heard = np.concatenate(self._latest)[:: MODEL_RATE // _ECHO_RATE]
        if peak(heard) > LOUDEST * peak(played):
            return False
        alike = similarity(sharpened(heard), sharpened(played))
        echo = alike >= (THRESHOLD if known else FIRST_THRESHOLD)
        if known and not echo and level(heard) < level(played) - SOFTER_DB:
            echo = similarity(heard, played) >= NOISY_THRESHOLD
        if echo:
            self._echoes = _ECHOING_STEPS
        return echo
