"""One phone call: one queue, one consumer, one task group.

The line, the player and the jobs post events; the consumer alone asks `Turns` and carries out
its commands. A job is started by a command, carries its turn number and ends by posting an
event. Hanging up cancels the group, and nothing else needs cleaning.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

import structlog

from bot.clock import Clock
from bot.rules.session import Channel, Next, Outcome, Reply, Utterance
from voice import signals
from voice.audio import Samples, amplify
from voice.ear import Ear
from voice.floor import State
from voice.legs.leg import CallLeg, Frame
from voice.phrases import phrases
from voice.player import Player
from voice.recorder import Recorder, Sink
from voice.report import Reporter
from voice.segments import Expectation
from voice.signals import (
    Answered,
    Ask,
    Command,
    Event,
    Failed,
    KeyPressed,
    Say,
    Transcribe,
    Transcribed,
)
from voice.timing import TurnReport
from voice.turns import Turns

log = structlog.get_logger()


_BEATS_A_TICK = 5


class Listener(Protocol):
    """`bot.conversation.Conversation`."""

    async def begin(
        self, session_id: str, channel: Channel, caller: str | None, at: datetime
    ) -> Outcome:
        """The opening sentence."""

    async def hear(self, utterance: Utterance) -> Outcome:
        """What becomes of an utterance."""


class Transcriber(Protocol):
    """`voice.engine.Engine`."""

    async def transcribe(
        self,
        samples: Samples,
        *,
        voiced_seconds: float,
        language: str = "zh",
        hot_words: str = "",
        expectation: Expectation = Expectation.OPEN,
        deadline_seconds: float = 8.0,
    ) -> signals.Transcript:
        """What was said."""


class Synthesizer(Protocol):
    """`voice.speech.Speech`."""

    def say(self, text: str, voice: str = "mandarin", speed: float = 1.0) -> AsyncIterator[Samples]:
        """16 kHz sound of ``text``."""


async def _nobody(session_id: str, at: datetime) -> None:
    """Nobody wants to know that a caller is gone."""


@dataclass(frozen=True)
class Service:
    """What every call uses: the dialogue, the ear's and the mouth's engines, the clock.

    ``urgent`` knows the words of danger; ``left`` is told of callers who hung up; ``record``
    says where a call's recording goes, if it is recorded; ``hot_words`` gives the names to
    expect where a place is asked, from what was said lately.
    """

    conversation: Listener
    transcriber: Transcriber
    speech: Synthesizer
    clock: Clock
    language: str = "zh"
    voice: str = "mandarin"
    urgent: Callable[[str], bool] = lambda text: False
    left: Callable[[str, datetime], Awaitable[None]] = _nobody
    record: Callable[[str], Sink | None] = lambda session: None
    hot_words: Callable[[Iterable[str]], str] = lambda said: ""


class Call:
    """``run`` holds the call and returns where it goes next."""

    def __init__(
        self, leg: CallLeg, service: Service, report: Callable[[TurnReport], None] | None = None
    ) -> None:
        self._leg, self._service = leg, service
        self._turns = Turns(phrases(), service.urgent)
        self._queue: asyncio.Queue[Event] = asyncio.Queue()
        self._player = Player(leg.rate, self._queue.put_nowait)
        self._ear = Ear(leg.rate, self._player.echo)
        self._expectation = Expectation.OPEN
        self._jobs: set[asyncio.Task[None]] = set()
        self._mouths: set[asyncio.Task[None]] = set()
        self._reporter = Reporter(report or (lambda _: None))
        self._said: deque[str] = deque(maxlen=6)  # by either side
        self._beats = 0
        sink = service.record(leg.call_id)
        self._recorder = Recorder(sink, leg.rate) if sink else None
        self._log = log.bind(call=leg.call_id)

    # what a file leg looks at

    @property
    def listening(self) -> bool:
        """It is the caller's turn."""
        return self._turns.state is State.LISTENING and not self._ear.speaking

    @property
    def working(self) -> bool:
        """A job is under way."""
        return bool(self._jobs)

    @property
    def behind(self) -> bool:
        """There are events that have not been looked at."""
        return not self._queue.empty()

    async def run(self) -> Next:
        """Hold the call to its end."""
        try:
            async with asyncio.TaskGroup() as group:
                line = group.create_task(self._carry())
                self._queue.put_nowait(signals.Began())
                then = await self._consume(group)
                for task in (line, *self._jobs):
                    task.cancel()
        finally:
            if self._recorder:
                self._recorder.close()
        await self._leg.close(then)
        return then

    async def _carry(self) -> None:
        await self._leg.carry(self._hear, self._beat)
        self._queue.put_nowait(signals.HungUp())

    def _hear(self, came: Frame | KeyPressed) -> None:
        if self._recorder and isinstance(came, Frame):
            self._recorder.hear(came.pcm)
        for event in self._ear.hear(came.pcm) if isinstance(came, Frame) else (came,):
            self._queue.put_nowait(event)

    def _beat(self) -> None:
        frame = self._player.beat()
        self._leg.send(frame)
        if self._recorder:
            self._recorder.beat(frame)
        self._beats += 1
        if self._beats % _BEATS_A_TICK == 0:
            self._queue.put_nowait(signals.Ticked())

    async def _consume(self, group: asyncio.TaskGroup) -> Next:
        while True:
            event = await self._queue.get()
            now = self._leg.now()
            self._note(event, now)
            for command in self._turns.on(event, now):
                if isinstance(command, signals.End):
                    return command.next
                self._note(command, now)
                self._carry_out(command, group)

    def _note(self, happened: Event | Command, now: float) -> None:
        self._reporter.note(happened, now)
        if isinstance(happened, Ask):
            self._said.append(happened.text)
        elif isinstance(happened, Say):
            self._said.extend(happened.texts)
        if self._recorder:
            self._recorder.note(happened)

    def _carry_out(self, command: Command, group: asyncio.TaskGroup) -> None:
        match command:
            case Transcribe():
                failed = Failed(command.turn, "transcribe")
                self._start(group, self._transcribe(command), failed)
            case signals.Begin():
                self._start(group, self._begin(command), Failed(command.turn, "ask"))
            case Ask():
                self._start(group, self._ask(command), Failed(command.turn, "ask"))
            case Say():
                self._player.begin(command.number)
                failed = Failed(command.turn, "say", command.number)
                self._mouths.add(self._start(group, self._say(command), failed))
            case signals.Expect():
                self._expectation = command.expectation
                self._ear.expect(command.expectation)
            case signals.Hold():
                self._player.hold()
                self._leg.flush()
            case signals.Resume():
                self._player.resume()
            case signals.Drop():
                for task in self._mouths:
                    task.cancel()
                self._mouths.clear()
                self._player.drop()
                self._leg.flush()
            case signals.Unrecord():
                if self._recorder:
                    self._recorder.discard()
            case signals.End():
                raise AssertionError("ends in _consume")

    # jobs

    def _start(
        self, group: asyncio.TaskGroup, job: Coroutine[Any, Any, Event], failed: Failed
    ) -> asyncio.Task[None]:
        task = group.create_task(self._work(job, failed))
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)
        return task

    async def _work(self, job: Coroutine[Any, Any, Event], failed: Failed) -> None:
        """Any failure of a job becomes an event: the call goes on."""
        try:
            event: Event = await job
        except Exception as error:  # noqa: BLE001 - the one place of a call that catches all
            self._log.warning("call.job_failed", what=failed.what, error=type(error).__name__)
            event = failed
        self._queue.put_nowait(event)

    async def _transcribe(self, command: Transcribe) -> Event:
        asked_where = self._expectation is Expectation.ADDRESS
        transcript = await self._service.transcriber.transcribe(
            command.samples,
            voiced_seconds=command.voiced_seconds,
            language=self._service.language,
            hot_words=self._service.hot_words(self._said) if asked_where else "",
            expectation=self._expectation,
        )
        return Transcribed(command.turn, command.attempt, transcript)

    async def _begin(self, command: signals.Begin) -> Event:
        leg = self._leg
        outcome = await self._service.conversation.begin(
            leg.call_id, Channel.PHONE, leg.caller, self._service.clock()
        )
        if self._recorder:  # who is recorded is told so first
            told = Reply(phrases().says["recorded"])
            outcome = replace(outcome, replies=(told, *outcome.replies))
        return Answered(command.turn, outcome)

    async def _ask(self, command: Ask) -> Event:
        utterance = Utterance(
            id=f"{self._leg.call_id}-{command.turn}",
            session_id=self._leg.call_id,
            text=command.text,
            channel=Channel.PHONE,
            heard_at=self._service.clock(),
            caller=self._leg.caller,
            confidence=command.confidence,
            spoken=command.spoken,
        )
        return Answered(command.turn, await self._service.conversation.hear(utterance))

    async def _say(self, command: Say) -> Event:
        for text in command.texts:
            async for piece in self._service.speech.say(text, self._service.voice, command.speed):
                self._player.feed(command.number, amplify(piece, command.gain_db))
        self._player.finish(command.number)
        return signals.Spoken(command.number)
