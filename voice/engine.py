"""One recogniser for many calls: what waits is decoded together, what would be late is refused."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from bot.rules.errors import Unavailable
from voice.audio import Floats, Samples, to_floats
from voice.ghosts import ghost
from voice.hot_words import recited
from voice.segments import Expectation
from voice.signals import Transcript
from voice.stt import Guess, Model
from voice.whole_numbers import written


class Recognizer(Protocol):
    """`voice.stt.Recognizer`, or one elsewhere. Called from one thread at a time."""

    model: Model

    def transcribe(
        self, sounds: Sequence[Floats], *, language: str = "zh", hot_words: str = ""
    ) -> list[Guess]:
        """What was said in each of ``sounds``."""


@dataclass(eq=False)
class _Job:
    samples: Samples
    language: str
    hot_words: str
    answer: asyncio.Future[tuple[Guess, float]]

    @property
    def key(self) -> tuple[str, str]:
        return self.language, self.hot_words


class Engine:
    """A bounded queue before one recogniser. ``run`` must be going for anything to be answered."""

    def __init__(self, recognizer: Recognizer, *, batch: int = 8, waiting: int = 64) -> None:
        self.recognizer = recognizer
        self._batch = batch
        self._most = waiting
        self._jobs: deque[_Job] = deque()
        self._some = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="stt")
        self._seconds = 0.2  # what a batch has taken lately

    @property
    def waiting(self) -> int:
        """Utterances in the queue."""
        return len(self._jobs)

    def late_seconds(self) -> float:
        """How long an utterance would wait now, about."""
        return (self.waiting / self._batch + (1 if self.waiting else 0)) * self._seconds

    async def transcribe(
        self,
        samples: Samples,
        *,
        voiced_seconds: float,
        language: str = "zh",
        hot_words: str = "",
        expectation: Expectation = Expectation.OPEN,
        deadline_seconds: float = 8.0,
    ) -> Transcript:
        """What was said in ``samples`` (16 kHz). Raises `Unavailable` when too much waits."""
        if self.late_seconds() > deadline_seconds:
            raise Unavailable("too many utterances are waiting for the recogniser")
        if len(self._jobs) >= self._most:
            raise Unavailable("the recogniser's queue is full")
        asked = time.monotonic()
        try:
            async with asyncio.timeout(deadline_seconds):
                guess, begun = await self._guess(samples, language, hot_words)
                if hot_words and recited(guess.text, hot_words):
                    guess, _ = await self._guess(samples, language, "")
        except TimeoutError as error:
            raise Unavailable("the recogniser did not answer in time") from error
        done = time.monotonic()
        guess = written(guess, expectation)
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
            wait_ms=(begun - asked) * 1000,
            stt_ms=(done - begun) * 1000,
        )

    async def _guess(self, samples: Samples, language: str, hot_words: str) -> tuple[Guess, float]:
        job = _Job(samples, language, hot_words, asyncio.get_running_loop().create_future())
        self._put(job)
        try:
            return await job.answer
        finally:
            if job in self._jobs:  # given up before its turn came
                self._jobs.remove(job)

    async def warm_up(self) -> None:
        """Decode a second of silence, so that the first caller does not wait for it."""
        job = _Job(np.zeros(16_000, np.int16), "zh", "", asyncio.get_running_loop().create_future())
        self._put(job)
        await job.answer

    async def run(self) -> None:
        """Answer what waits, until cancelled."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                jobs = await self._next()
                if not jobs:
                    continue
                begun = time.monotonic()
                work = loop.run_in_executor(self._thread, self._decode, jobs)
                try:
                    guesses = await work
                except (RuntimeError, ValueError, Unavailable) as error:
                    for job in jobs:
                        if not job.answer.done():
                            job.answer.set_exception(Unavailable(f"the recogniser: {error}"))
                    continue
                self._seconds += 0.2 * (time.monotonic() - begun - self._seconds)
                for job, guess in zip(jobs, guesses, strict=True):
                    if not job.answer.done():
                        job.answer.set_result((guess, begun))
        finally:
            self._thread.shutdown(wait=False, cancel_futures=True)

    def _put(self, job: _Job) -> None:
        self._jobs.append(job)
        self._some.set()

    async def _next(self) -> list[_Job]:
        """The oldest that waits, and those that can be decoded with it."""
        await self._some.wait()
        jobs = [job for job in self._jobs if job.key == self._jobs[0].key][: self._batch]
        self._jobs = deque(job for job in self._jobs if job not in jobs)
        if not self._jobs:
            self._some.clear()
        return jobs

    def _decode(self, jobs: list[_Job]) -> list[Guess]:
        first = jobs[0]
        sounds = [to_floats(job.samples) for job in jobs]
        return self.recognizer.transcribe(
            sounds, language=first.language, hot_words=first.hot_words
        )
