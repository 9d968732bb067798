"""From a line's frames to what was heard: 16 kHz, voice detector, segments, echo gate."""

from collections import deque
from collections.abc import Callable, Sequence

import numpy as np

from voice.audio import (
    MODEL_RATE,
    SAMPLE_BYTES,
    STEP,
    Doubler,
    Samples,
    doubled,
    from_bytes,
    to_floats,
)
from voice.echo import HEARD_SECONDS, PLAYED_SECONDS, EchoPath
from voice.echo import RATE as ECHO_RATE
from voice.segments import Expectation, Heard, Segmenter
from voice.vad import VoiceDetector, probabilities

_NOTHING = 32  # of 32768: the noise of G.711 itself is 8
_SILENT_STEPS = 6  # after which the detector may rest
_MOST_GATHERED_SECONDS = 60


class Ear:
    """One call's. ``played`` gives what went out lately (s16 at ``rate``), None for silence."""

    def __init__(self, rate: int, played: Callable[[], bytes | None]) -> None:
        self._rate = rate
        self._played = played
        self.doubler = Doubler() if rate != MODEL_RATE else None
        self.detector = VoiceDetector()
        self._segmenter = Segmenter()
        self._block = STEP * rate // MODEL_RATE * SAMPLE_BYTES  # a step of the line's sound
        self._gathered = bytearray()
        self._most = int(_MOST_GATHERED_SECONDS * rate) * SAMPLE_BYTES
        self._silent_steps = 0
        self._path = EchoPath()
        self._latest: deque[Samples] = deque(maxlen=int(HEARD_SECONDS * MODEL_RATE / STEP))

    @property
    def speaking(self) -> bool:
        """Whether an utterance is going on."""
        return self._segmenter.speaking

    @property
    def full(self) -> bool:
        """Whether enough was gathered for a look."""
        return len(self._gathered) >= self._block

    def expect(self, expectation: Expectation) -> None:
        """How long a pause ends the next utterance."""
        self._segmenter.expectation = expectation

    def finish(self) -> None:
        """What was said before this pause sounds finished."""
        self._segmenter.finish()

    def gather(self, pcm: bytes) -> None:
        """A frame of any length at the line's rate, to be looked at when it is `full`.

        Of a line that sends faster than it can be looked at, the oldest is left out.
        """
        self._gathered += pcm
        if len(self._gathered) > self._most:
            del self._gathered[: len(self._gathered) - self._most]

    def hear(self, pcm: bytes) -> list[Heard]:
        """The same, looked at now."""
        self.gather(pcm)
        heard: list[Heard] = []
        while self.full:
            heard += look([self])[0]
        return heard

    def block(self) -> bytes:
        """The next step of what was gathered, at the line's rate."""
        block = bytes(self._gathered[: self._block])
        del self._gathered[: self._block]
        return block

    def awake(self, loudest: int) -> bool:
        """Whether the detector must look at a step whose peak is ``loudest``.

        It may rest on a line on which nothing at all is heard. After such a silence it is shown
        the step before first, so that it knows where it is.
        """
        if loudest < _NOTHING:
            self._silent_steps += 1
            return self._silent_steps <= _SILENT_STEPS
        if self._silent_steps > _SILENT_STEPS and self._latest:
            self.detector.probability(to_floats(self._latest[-1]))
        self._silent_steps = 0
        return True

    def judge(self, step: Samples, probability: float) -> list[Heard]:
        """What a step of 16 kHz and its probability of voice mean."""
        self._latest.append(step)
        echo = probability >= self._segmenter.keep_probability and self._is_echo()
        return self._segmenter.step(step, probability, echo)

    def _is_echo(self) -> bool:
        """Whether the last quarter of a second is what we have just said.

        A window that voice only begins to fill looks like anything, so the first quarter of a
        second of voice is judged only on a line that is known to echo.
        """
        self._path.wait()
        if not self._path.known and self._segmenter.next_run_seconds < HEARD_SECONDS:
            return False
        pcm = self._played()
        if pcm is None or len(self._latest) < (self._latest.maxlen or 0):
            return False
        played = from_bytes(pcm)[:: self._rate // ECHO_RATE][-int(PLAYED_SECONDS * ECHO_RATE) :]
        heard = np.concatenate(self._latest)[:: MODEL_RATE // ECHO_RATE]
        behind = len(self._gathered) // SAMPLE_BYTES * ECHO_RATE // self._rate
        return self._path.carries(heard, played, behind)


def look(ears: Sequence[Ear]) -> list[list[Heard]]:
    """The next step of each of them, which are all full, in one go."""
    steps = np.empty((len(ears), STEP), np.int16)
    narrow: list[int] = []
    for row, ear in enumerate(ears):
        if ear.doubler is None:
            steps[row] = from_bytes(ear.block())
        else:
            narrow.append(row)
    if narrow:
        doublers = [doubler for row in narrow if (doubler := ears[row].doubler)]
        sound = from_bytes(b"".join(ears[row].block() for row in narrow))
        steps[narrow] = doubled(doublers, sound.reshape(len(narrow), -1))
    found = _probabilities(ears, steps)
    return [
        ear.judge(step.copy(), probability)
        for ear, step, probability in zip(ears, steps, found, strict=True)
    ]


def _probabilities(ears: Sequence[Ear], steps: Samples) -> list[float]:
    loudest = np.maximum(steps.max(axis=1), -steps.min(axis=1).astype(int)).tolist()
    awake = [row for row, ear in enumerate(ears) if ear.awake(loudest[row])]
    found = [0.0] * len(ears)
    if awake:
        detectors = [ears[row].detector for row in awake]
        for row, probability in zip(
            awake, probabilities(detectors, to_floats(steps[awake])), strict=True
        ):
            found[row] = probability
    return found
