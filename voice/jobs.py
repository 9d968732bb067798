"""A call's work in the background: the recogniser, the dialogue, our voice.

A job is started by a command, carries its turn number and ends by posting one event, whatever
happens to it. Hanging up cancels them all.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import structlog

from bot.rules.session import Channel, Reply, Utterance
from voice import signals
from voice.audio import amplify
from voice.legs.leg import CallLeg
from voice.phrases import phrases
from voice.player import Player
from voice.segments import Expectation
from voice.service import Service
from voice.signals import Answered, Ask, Event, Failed, Say, Transcribe, Transcribed

log = structlog.get_logger()


class Jobs:
    """One call's. ``post`` gets what comes of them; ``recorded``: the caller is told so."""

    def __init__(
        self,
        leg: CallLeg,
        service: Service,
        player: Player,
        post: Callable[[Event], None],
        *,
        recorded: bool,
    ) -> None:
        self._leg, self._service = leg, service
        self._player, self._post, self._recorded = player, post, recorded
        self._all: set[asyncio.Task[None]] = set()
        self._mouths: set[asyncio.Task[None]] = set()
        self._said: deque[str] = deque(maxlen=6)  # by either side
        self._expectation = Expectation.OPEN
        self._log = log.bind(call=leg.call_id)

    @property
    def under_way(self) -> bool:
        """Whether any is."""
        return bool(self._all)

    def expect(self, expectation: Expectation) -> None:
        """What kind of answer comes next."""
        self._expectation = expectation

    def transcribe(self, command: Transcribe, group: asyncio.TaskGroup) -> None:
        """Have an utterance's words found."""
        self._start(
            group, self._transcribe(command), Failed(command.turn, "transcribe", command.attempt)
        )

    def begin(self, command: signals.Begin, group: asyncio.TaskGroup) -> None:
        """Have the dialogue say its opening."""
        self._start(group, self._begin(command), Failed(command.turn, "ask"))

    def ask(self, command: Ask, group: asyncio.TaskGroup) -> None:
        """Take words to the dialogue."""
        self._said.append(command.text)
        self._start(group, self._ask(command), Failed(command.turn, "ask"))

    def say(self, command: Say, group: asyncio.TaskGroup) -> None:
        """Have sentences spoken into the player."""
        self._said.extend(command.texts)
        self._player.begin(command.number)
        failed = Failed(command.turn, "say", command.number)
        self._mouths.add(self._start(group, self._say(command), failed))

    def hush(self) -> None:
        """Speak no further."""
        for task in self._mouths:
            task.cancel()
        self._mouths.clear()

    def cancel(self) -> None:
        """The call is over."""
        for task in self._all:
            task.cancel()

    def _start(
        self, group: asyncio.TaskGroup, job: Coroutine[Any, Any, Event], failed: Failed
    ) -> asyncio.Task[None]:
        task = group.create_task(self._work(job, failed))
        self._all.add(task)
        task.add_done_callback(self._over)
        task.add_done_callback(lambda _: job.close())  # of a call that ended before the job began
        return task

    def _over(self, task: asyncio.Task[None]) -> None:
        self._all.discard(task)
        self._mouths.discard(task)

    async def _work(self, job: Coroutine[Any, Any, Event], failed: Failed) -> None:
        """Any failure of a job becomes an event: the call goes on."""
        try:
            event: Event = await job
        except Exception as error:  # noqa: BLE001 - the one place of a call that catches all
            self._log.warning("call.job_failed", what=failed.what, error=type(error).__name__)
            event = failed
        self._post(event)

    async def _transcribe(self, command: Transcribe) -> Event:
        asked_where = self._expectation is Expectation.ADDRESS
        transcript = await self._service.transcriber.transcribe(
            command.samples,
            voiced_seconds=command.voiced_seconds,
            language=command.language,
            hot_words=self._service.hot_words(self._said) if asked_where else "",
            expectation=self._expectation,
            deadline_seconds=command.deadline_seconds,
            partial=command.partial,
        )
        return Transcribed(command.turn, command.attempt, transcript, command.partial)

    async def _begin(self, command: signals.Begin) -> Event:
        leg = self._leg
        outcome = await self._service.conversation.begin(
            leg.call_id, Channel.PHONE, leg.caller, self._service.clock()
        )
        if self._recorded:  # who is recorded is told so first
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
            async for piece in self._service.speech.say(text, command.voice, command.speed):
                self._player.feed(command.number, amplify(piece, command.gain_db))
        self._player.finish(command.number)
        return signals.Spoken(command.number)
