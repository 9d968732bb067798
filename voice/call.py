"""One phone call: one queue, one consumer, one task group.

The line, the player and the jobs post events; the consumer alone asks `Turns` and carries out
its commands. Hanging up cancels the group, and nothing else needs cleaning.
"""

import asyncio
from collections.abc import Callable

from bot.rules.session import Next
from voice import signals
from voice.ear import Ear
from voice.floor import State
from voice.jobs import Jobs
from voice.legs.leg import CallLeg, Frame
from voice.phrases import phrases
from voice.player import Player
from voice.recorder import Recorder
from voice.report import Reporter
from voice.service import Service
from voice.signals import Command, Event, KeyPressed
from voice.timing import TurnReport
from voice.turns import Turns

_BEATS_A_TICK = 5


class Call:
    """``run`` holds the call and returns where it goes next."""

    def __init__(
        self, leg: CallLeg, service: Service, report: Callable[[TurnReport], None] | None = None
    ) -> None:
        self._leg = leg
        self._turns = Turns(phrases(), service.urgent, service.language)
        self._queue: asyncio.Queue[Event] = asyncio.Queue()
        self._player = Player(leg.rate, self._queue.put_nowait)
        self._ear, self._ears = Ear(leg.rate, self._player.echo), service.ears
        self._reporter = Reporter(report or (lambda _: None))
        self._beats = 0
        sink = service.record(leg.call_id)
        self._recorder = Recorder(sink, leg.rate) if sink else None
        told = sink is not None and service.says_recorded
        self._jobs = Jobs(leg, service, self._player, self._queue.put_nowait, recorded=told)

    # what a file leg looks at

    @property
    def listening(self) -> bool:
        """It is the caller's turn."""
        return self._turns.state is State.LISTENING and not self._ear.speaking

    @property
    def working(self) -> bool:
        """A job is under way."""
        return self._jobs.under_way

    @property
    def behind(self) -> bool:
        """There are events that have not been looked at."""
        return not self._queue.empty()

    def taken(self) -> None:
        """An agent has the caller: not one more word of ours."""
        self._queue.put_nowait(signals.Taken())

    async def run(self) -> Next:
        """Hold the call to its end."""
        try:
            async with asyncio.TaskGroup() as group:
                line = group.create_task(self._carry())
                self._queue.put_nowait(signals.Began())
                then = await self._consume(group)
                line.cancel()
                self._jobs.cancel()
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
        if not isinstance(came, Frame):
            self._queue.put_nowait(came)
        elif self._ears is not None:
            self._ears.hear(self._ear, came.pcm, self._queue.put_nowait)
        else:
            for event in self._ear.hear(came.pcm):
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
        if self._recorder:
            self._recorder.note(happened)

    def _carry_out(self, command: Command, group: asyncio.TaskGroup) -> None:
        match command:
            case signals.Transcribe():
                self._jobs.transcribe(command, group)
            case signals.Begin():
                self._jobs.begin(command, group)
            case signals.Ask():
                self._jobs.ask(command, group)
            case signals.Say():
                self._jobs.say(command, group)
            case signals.Expect():
                self._jobs.expect(command.expectation)
                self._ear.expect(command.expectation)
            case signals.Finish():
                self._ear.finish()
            case signals.Hold():
                self._player.hold()
                self._leg.flush()
            case signals.Resume():
                self._player.resume()
            case signals.Drop():
                self._jobs.hush()
                self._player.drop()
                self._leg.flush()
            case signals.Unrecord():
                if self._recorder:
                    self._recorder.discard()
            case signals.End():
                raise AssertionError("ends in _consume")
