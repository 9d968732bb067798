"""One engine for many calls: what waits is decoded together, what would be late is refused.

Turns are heard by one model. What is still being said is heard by a smaller one, where there is
one, for the words of danger in it: it never makes a turn wait, and gives way to it.
"""

import asyncio
import time
from collections.abc import Awaitable

import numpy as np

from bot.rules.errors import Unavailable
from voice import metrics
from voice.audio import MODEL_RATE, Samples
from voice.ghosts import ghost
from voice.hot_words import recited
from voice.lane import Lane, Recognizer
from voice.segments import Expectation
from voice.signals import Transcript
from voice.stt import Guess
from voice.whole_numbers import written


class Engine:
    """A bounded queue before the recognisers. ``run`` must be going for anything to be answered.

    ``partial`` hears what is still being said; without it ``recognizer`` does. At most ``waiting``
    utterances wait, of both together; where they are too many, those of turns stay.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        *,
        partial: Recognizer | None = None,
        batch: int = 8,
        waiting: int = 64,
    ) -> None:
        self._most = waiting
        self._turns = Lane(recognizer, batch)
        few = max(1, batch // 2)  # soon over: a turn that comes meanwhile shares the machine
        self._partials = Lane(partial or recognizer, few, behind=self._turns)
        self._two = partial is not None

    @property
    def recognizer(self) -> Recognizer:
        """What hears the turns."""
        return self._turns.recognizer

    @recognizer.setter
    def recognizer(self, recognizer: Recognizer) -> None:
        self._turns.recognizer = recognizer

    @property
    def partial(self) -> Recognizer | None:
        """What hears the words still being said; None where the turns' does."""
        return self._partials.recognizer if self._two else None

    @partial.setter
    def partial(self, recognizer: Recognizer) -> None:
        self._partials.recognizer, self._two = recognizer, True

    @property
    def waiting(self) -> int:
        """Utterances in the queue, of both kinds."""
        return self._turns.waiting + self._partials.waiting

    @property
    def partials_waiting(self) -> int:
        """Those of them that are still being said."""
        return self._partials.waiting

    @property
    def partials_degraded(self) -> bool:
        """Whether the words still being said are not heard at present."""
        return self._partials.degraded

    async def transcribe(
        self,
        samples: Samples,
        *,
        voiced_seconds: float,
        language: str = "zh",
        hot_words: str = "",
        expectation: Expectation = Expectation.OPEN,
        deadline_seconds: float = 8.0,
        partial: bool = False,
    ) -> Transcript:
        """What was said in ``samples`` (16 kHz). Raises `Unavailable` when too much waits.

        ``partial``: it is still being said.
        """
        lane = self._partials if partial and self._two else self._turns
        asked = time.monotonic()
        try:
            self._admit(lane, deadline_seconds)
            async with asyncio.timeout(deadline_seconds):
                guess, begun = await lane.guess(samples, language, hot_words)
                if hot_words and recited(guess.text, hot_words):
                    guess, _ = await lane.guess(samples, language, "")
        except TimeoutError as error:
            metrics.unheard.labels(_kind(partial)).inc()
            raise Unavailable("the recogniser did not answer in time") from error
        except Unavailable:
            metrics.unheard.labels(_kind(partial)).inc()
            raise
        done = time.monotonic()
        return _transcript(
            written(guess, expectation),
            voiced_seconds,
            language,
            wait_ms=(begun - asked) * 1000,
            stt_ms=(done - begun) * 1000,
        )

    def _admit(self, lane: Lane, deadline_seconds: float) -> None:
        late = self._turns.late_seconds()
        if lane is self._partials:
            late += lane.late_seconds()
        if late > deadline_seconds:
            raise Unavailable("too many utterances are waiting for the recogniser")
        if self.waiting >= self._most and (lane is self._partials or not self._partials.give_way()):
            raise Unavailable("the recogniser's queue is full")

    async def warm_up(self) -> None:
        """Decode a second of silence, so that the first caller does not wait for it."""
        lanes = [self._turns, self._partials] if self._two else [self._turns]
        silence = np.zeros(MODEL_RATE, np.int16)
        warm: list[Awaitable[object]] = [lane.guess(silence, "zh", "") for lane in lanes]
        await asyncio.gather(*warm)

    async def run(self) -> None:
        """Answer what waits, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._turns.run())
            group.create_task(self._partials.run())


def _kind(partial: bool) -> str:
    return "partial" if partial else "turn"


def _transcript(
    guess: Guess, voiced_seconds: float, language: str, *, wait_ms: float, stt_ms: float
) -> Transcript:
    why = ghost(
        guess.text,
        voiced_seconds=voiced_seconds,
        confidence=guess.confidence,
        no_speech=guess.no_speech,
    )
    return Transcript(
        text="" if why else guess.text,
        confidence=guess.confidence,
        language=guess.language or language,
        dropped=why,
        wait_ms=wait_ms,
        stt_ms=stt_ms,
    )
