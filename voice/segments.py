"""Where an utterance begins and ends: pure, fed with steps of sound and their speech probability.

A pre-roll keeps the first syllable. How long a pause ends the utterance depends on what is
expected: a yes comes in one breath, a phone number in groups with pauses between. Whoever has
proved to be slow within the call gets longer. Of a long pause inside an utterance only its ends
are kept: a recogniser has nothing to hear there, and small ones lose their place in it.
"""

from collections import deque
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from voice.audio import STEP_SECONDS, Samples


class Expectation(str, Enum):
    """What kind of answer is expected next."""

    YES_NO = "yes_no"
    OPEN = "open"
    ADDRESS = "address"
    DIGITS = "digits"


END_SECONDS = {
    Expectation.YES_NO: 0.4,
    Expectation.OPEN: 0.9,
    Expectation.ADDRESS: 1.2,
    Expectation.DIGITS: 1.5,
}


FINISHED_SECONDS = 0.7  # where what was said sounds finished already


@dataclass(frozen=True)
class VoiceStarted:
    """Somebody began to speak."""


@dataclass(frozen=True)
class VoiceContinued:
    """Still speaking: ``seconds`` of voice since the last pause."""

    seconds: float


@dataclass(frozen=True)
class VoiceLasted:
    """Speaking on and on without a pause: the latest of it, to be looked at for danger.

    ``attempt`` is one that no pause has.
    """

    attempt: int
    samples: Samples
    voiced_seconds: float


@dataclass(frozen=True)
class VoicePaused:
    """A pause that may be the end. ``attempt`` numbers the pauses of an utterance."""

    attempt: int
    samples: Samples
    voiced_seconds: float


@dataclass(frozen=True)
class VoiceResumed:
    """The pause was none: what was begun on it is stale."""


@dataclass(frozen=True)
class VoiceStopped:
    """The utterance is over: its sound at 16 kHz with pre-roll, and how much of it is voice."""

    attempt: int
    samples: Samples
    voiced_seconds: float
    silence_seconds: float  # since the last voice
    cut: bool = False  # ended by its length, the caller is still speaking


Heard = VoiceStarted | VoiceContinued | VoiceLasted | VoicePaused | VoiceResumed | VoiceStopped


@dataclass
class Segmenter:
    """One stream's utterances. ``step`` takes 32 ms and says what happened."""

    start_probability: float = 0.5  # once,
    keep_probability: float = 0.35
    rise_probability: float = 0.2
    start_steps: int = 2  # of the last three that may be voice
    pre_roll_seconds: float = 0.4
    pause_seconds: float = 0.25
    kept_seconds: float = 0.4  # of a pause inside an utterance, half after and half before voice
    most_seconds: float = 28.0
    look_seconds: float = 2.0  # of voice without a pause, after which what was said is looked at,
    looked_seconds: float = 5.0  # the latest so much of it
    expectation: Expectation = Expectation.OPEN
    patience: float = 1.0  # grows with slow speakers
    _before: deque[Samples] = field(default_factory=deque)
    _recent: deque[float] = field(default_factory=lambda: deque(maxlen=8))
    _steps: list[Samples] = field(default_factory=list)
    _speaking: bool = False
    _voiced: int = 0
    _run: int = 0
    _looked: int = 0  # how long the run was at the latest look
    _quiet: int = 0
    _attempt: int = 0
    _paused: bool = False
    _finished: bool = False
    _last_gap: float = 0.0

    @property
    def end_seconds(self) -> float:
        """How long a pause ends the utterance now."""
        seconds = END_SECONDS[self.expectation]
        if self._finished:
            seconds = min(seconds, FINISHED_SECONDS)
        return min(seconds * self.patience, 2.5)

    @property
    def speaking(self) -> bool:
        """Whether an utterance is going on."""
        return self._speaking

    @property
    def next_run_seconds(self) -> float:
        """How long the voice without a pause will be if the next step is voice too."""
        goes_on = self._speaking and self._run and not self._paused
        return (self._run + self._quiet + 1 if goes_on else 1) * STEP_SECONDS

    @property
    def pausing(self) -> bool:
        """Whether the latest step of an utterance was no voice."""
        return self._quiet > 0

    def step(self, samples: Samples, probability: float, echo: bool = False) -> list[Heard]:
        """32 ms of sound and its speech probability; ``echo``: it is our own voice."""
        if echo:
            probability, self._run = 0.0, 0
        if not self._speaking:
            return self._wait(samples, probability)
        self._steps.append(samples)
        voiced = probability >= self.keep_probability
        heard = self._voice() if voiced else self._silence()
        if self._speaking and len(self._steps) * STEP_SECONDS >= self.most_seconds:
            heard.append(self._stop(cut=True))
        return heard

    def finish(self) -> None:
        """What was said before this pause sounds finished: less of it ends the utterance."""
        self._finished = self._paused

    def reset(self) -> None:
        """Forget the utterance under way, keep the pre-roll and what was learned."""
        self._speaking = self._finished = False
        self._steps = []

    def _wait(self, samples: Samples, probability: float) -> list[Heard]:
        self._before.append(samples)
        while len(self._before) * STEP_SECONDS > self.pre_roll_seconds + 3 * STEP_SECONDS:
            self._before.popleft()
        self._recent.append(probability)
        latest = list(self._recent)[-3:]
        voiced = sum(recent >= self.keep_probability for recent in latest)
        if voiced < self.start_steps or max(latest) < self.start_probability:
            return []
        self._speaking, self._paused, self._finished = True, False, False
        self._steps = list(self._before)
        self._before.clear()
        self._voiced, self._run, self._looked = voiced, self._risen(), 0
        self._recent.clear()
        self._quiet, self._attempt, self._last_gap = 0, 0, 0.0
        return [VoiceStarted()]

    def _risen(self) -> int:
        """How many steps ago the probability began to rise: a soft first syllable counts."""
        steps = 0
        for probability in reversed(self._recent):
            if probability < self.rise_probability:
                break
            steps += 1
        return max(steps, self.start_steps)

    def _voice(self) -> list[Heard]:
        heard: list[Heard] = []
        gap = self._quiet * STEP_SECONDS
        if self._paused:
            self._paused, self._finished, self._run = False, False, 0
            self._shorten()
            self._learn(gap)
            heard.append(VoiceResumed())
        if self._run:  # what is shorter than a pause belongs to the word around it
            self._run += self._quiet
        self._quiet = 0
        self._voiced += 1
        self._run += 1
        heard.append(VoiceContinued(self._run * STEP_SECONDS))
        self._looked = min(self._looked, self._run)
        if (self._run - self._looked) * STEP_SECONDS >= self.look_seconds:
            self._looked = self._run
            heard.append(self._look())
        return heard

    def _look(self) -> VoiceLasted:
        self._attempt += 1
        latest = self._steps[-round(self.looked_seconds / STEP_SECONDS) :]
        voiced = min(self._voiced, len(latest)) * STEP_SECONDS
        return VoiceLasted(self._attempt, np.concatenate(latest), voiced)

    def _silence(self) -> list[Heard]:
        self._quiet += 1
        seconds = self._quiet * STEP_SECONDS
        heard: list[Heard] = []
        if not self._paused and seconds >= self.pause_seconds:
            self._paused = True
            self._attempt += 1
            heard.append(VoicePaused(self._attempt, self._sound(), self._voiced * STEP_SECONDS))
        if seconds >= self.end_seconds:
            heard.append(self._stop(cut=False))
        return heard

    def _shorten(self) -> None:
        """Leave out the middle of the pause that the latest step ends."""
        end = len(self._steps) - 1
        half = round(self.kept_seconds / STEP_SECONDS / 2)
        del self._steps[end - self._quiet + half : max(end - half, end - self._quiet + half)]

    def _learn(self, gap: float) -> None:
        """A pause in the middle that nearly ended the utterance: be more patient from now on."""
        if gap > 0.6 * self.end_seconds:
            self.patience = min(self.patience * 1.15, 1.6)

    def _sound(self) -> Samples:
        return np.concatenate(self._steps)

    def _stop(self, *, cut: bool) -> VoiceStopped:
        sound, quiet = self._sound(), self._quiet
        attempt = self._attempt if self._paused else self._attempt + 1
        stopped = VoiceStopped(
            attempt, sound, self._voiced * STEP_SECONDS, quiet * STEP_SECONDS, cut
        )
        self.reset()
        self._before.extend(np.array_split(sound[-int(16_000 * 0.1) :], 3))
        return stopped
