"""What waits for one recogniser: decoded together, the oldest first, in a thread of its own."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from bot.rules.errors import Unavailable
from voice.audio import Floats, Samples, to_floats
from voice.stt import Guess, Model

STUCK_SECONDS = 10.0


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


class Lane:
    """``run`` must be going for anything to be answered. ``behind``: a lane that is more urgent;
    nothing is begun here while that one works on this machine.
    """

    def __init__(self, recognizer: Recognizer, batch: int, behind: "Lane | None" = None) -> None:
        self.recognizer = recognizer
        self._batch, self._behind = batch, behind
        self._jobs: deque[_Job] = deque()
        self._some, self._idle = asyncio.Event(), asyncio.Event()
        self._idle.set()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="stt")
        self._seconds = 0.2  # what a batch has taken lately
        self._begun: float | None = None
        self._failed = False

    @property
    def waiting(self) -> int:
        """Utterances in the queue."""
        return len(self._jobs)

    @property
    def degraded(self) -> bool:
        """Whether the latest batch failed, or does not end."""
        stuck = self._begun is not None and time.monotonic() - self._begun > STUCK_SECONDS
        return self._failed or stuck

    def late_seconds(self) -> float:
        """How long an utterance would wait now, about."""
        return (self.waiting / self._batch + (1 if self.waiting else 0)) * self._seconds

    async def guess(self, samples: Samples, language: str, hot_words: str) -> tuple[Guess, float]:
        """What was said, and when its decoding began. Raises `Unavailable`."""
        job = _Job(samples, language, hot_words, asyncio.get_running_loop().create_future())
        self._jobs.append(job)
        self._some.set()
        self._idle.clear()
        try:
            return await job.answer
        finally:
            if job in self._jobs:  # given up before its turn came
                self._jobs.remove(job)

    def give_way(self) -> bool:
        """Refuse the oldest that waits; False where none does."""
        if not self._jobs:
            return False
        answer = self._jobs.popleft().answer
        if not answer.done():
            answer.set_exception(Unavailable("the recogniser's queue is full"))
        return True

    async def run(self) -> None:
        """Answer what waits, until cancelled."""
        try:
            while True:
                if not self._jobs:
                    self._some.clear()
                    self._idle.set()
                await self._some.wait()
                if self._behind is not None:
                    await self._behind.out_of_the_way()
                if jobs := self._next():
                    await self._answer(jobs)
        finally:
            self._thread.shutdown(wait=False, cancel_futures=True)

    async def out_of_the_way(self) -> None:
        """Wait until this machine does nothing for this lane."""
        while not (self._idle.is_set() or self.recognizer.model.elsewhere):
            await self._idle.wait()

    def _next(self) -> list[_Job]:
        """The oldest that waits, and those that can be decoded with it."""
        if not self._jobs:
            return []
        jobs = [job for job in self._jobs if job.key == self._jobs[0].key][: self._batch]
        self._jobs = deque(job for job in self._jobs if job not in jobs)
        return jobs

    async def _answer(self, jobs: list[_Job]) -> None:
        self._begun = begun = time.monotonic()
        try:
            work = asyncio.get_running_loop().run_in_executor(self._thread, self._decode, jobs)
            guesses = await work
        except (RuntimeError, ValueError, Unavailable) as error:
            self._failed = True
            for job in jobs:
                if not job.answer.done():
                    job.answer.set_exception(Unavailable(f"the recogniser: {error}"))
            return
        finally:
            self._begun = None
        self._failed = False
        self._seconds += 0.2 * (time.monotonic() - begun - self._seconds)
        for job, guess in zip(jobs, guesses, strict=True):
            if not job.answer.done():
                job.answer.set_result((guess, begun))

    def _decode(self, jobs: list[_Job]) -> list[Guess]:
        first = jobs[0]
        sounds = [to_floats(job.samples) for job in jobs]
        return self.recognizer.transcribe(
            sounds, language=first.language, hot_words=first.hot_words
        )
