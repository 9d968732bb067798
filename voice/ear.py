"""From a line's frames to what was heard: 16 kHz, voice detector, segments, echo gate."""

from collections import deque
from collections.abc import Callable

import numpy as np

from voice.audio import MODEL_RATE, STEP, Resampler, Samples, from_bytes, to_floats
from voice.echo import HEARD_SECONDS, PLAYED_SECONDS, THRESHOLD, similarity
from voice.segments import Expectation, Heard, Segmenter, VoiceContinued
from voice.vad import VoiceDetector

_ECHO_RATE = 8000


class Ear:
    """One call's. ``played`` gives what went out in the last second (s16 at ``rate``)."""

    def __init__(self, rate: int, played: Callable[[], bytes | None]) -> None:
        self._rate = rate
        self._played = played
        self._resampler = Resampler(rate, MODEL_RATE)
        self._detector = VoiceDetector()
        self._segmenter = Segmenter()
        self._half = b""  # of a sample
        self._rest = np.zeros(0, np.int16)
        self._latest: deque[Samples] = deque(maxlen=int(HEARD_SECONDS * MODEL_RATE / STEP))

    @property
    def speaking(self) -> bool:
        """Whether an utterance is going on."""
        return self._segmenter.speaking

    def expect(self, expectation: Expectation) -> None:
        """How long a pause ends the next utterance."""
        self._segmenter.expectation = expectation

    def hear(self, pcm: bytes) -> list[Heard]:
        """A frame of any length at the line's rate."""
        pcm = self._half + pcm
        even = len(pcm) & ~1
        pcm, self._half = pcm[:even], pcm[even:]
        converted = self._resampler.convert(from_bytes(pcm))
        sound = np.concatenate([self._rest, converted]) if len(self._rest) else converted
        heard: list[Heard] = []
        steps = len(sound) - len(sound) % STEP
        for start in range(0, steps, STEP):
            step = sound[start : start + STEP]
            self._latest.append(step)
            heard += self._segmenter.step(step, self._detector.probability(to_floats(step)))
        self._rest = sound[steps:]
        return [event for event in heard if not self._is_echo(event)]

    def _is_echo(self, event: Heard) -> bool:
        """Only what could interrupt us is worth the arithmetic."""
        if not isinstance(event, VoiceContinued):
            return False
        pcm = self._played()
        if pcm is None or len(self._latest) < (self._latest.maxlen or 0):
            return False
        played = from_bytes(pcm)[:: self._rate // _ECHO_RATE]
        heard = np.concatenate(self._latest)[:: MODEL_RATE // _ECHO_RATE]
        return similarity(heard, played[-int(PLAYED_SECONDS * _ECHO_RATE) :]) >= THRESHOLD
