"""Lets announced calls in, from any line, and holds them to their end."""

import asyncio
import time
from dataclasses import replace
from typing import Protocol

import structlog

from bot.rules.errors import HotlineError, NotFound, Rejected
from bot.rules.session import Next
from bot.steadiness import give_back
from voice import metrics
from voice.call import Call
from voice.ears import Ears
from voice.legs import audiosocket
from voice.legs.incoming import Incoming, listen
from voice.legs.leg import CallLeg
from voice.lines import Line, Lines
from voice.metronome import Metronome
from voice.people.desk import People
from voice.people.relay import Relay, watched
from voice.people.shared import SharedLeg
from voice.people.talk import Talk
from voice.service import Service

log = structlog.get_logger()

MOST_LATE_SECONDS = 0.04  # of our frames, lately: more calls would make all of them choppy
CALLS_A_TRIM = 25  # ended, after which their memory is given back
_LEAVING_SECONDS = 5.0
_TALK_SECONDS, _LOOK_SECONDS = 3.0, 0.05


class NetworkLeg(CallLeg, Protocol):
    """A leg that may have been closed for cause."""

    refused: Rejected | None


class Switchboard:
    """One per voice process."""

    def __init__(self, lines: Lines, service: Service, people: People | None = None) -> None:
        self._lines, self._people = lines, people
        self._service = replace(service, ears=Ears())
        self._talks: dict[str, Talk] = {}
        self._ended = 0
        self.metronome = Metronome()

    @property
    def room(self) -> bool:
        """Whether one more call can be served well: else it goes to the people's queue."""
        return not self._lines.full and self.metronome.late_seconds < MOST_LATE_SECONDS

    def admit(self, call_id: str) -> Line:
        """The announced call. Raises `NotFound`; the reason is counted, not told."""
        try:
            return self._lines.take(call_id, time.monotonic())
        except NotFound:
            metrics.refused.labels("unknown").inc()
            log.warning("call.refused", code="unknown")
            raise

    async def hold(self, line: Line, leg: NetworkLeg) -> None:
        """A call from its first frame to its last; whatever happens, it goes on to somebody."""
        log.info("call.began", call=leg.call_id)
        then = Next.AGENT
        service = self._service
        if line.listener is not None:
            service = replace(service, conversation=line.listener)
        try:
            then = await self._held(line, leg, service)
        finally:
            self._lines.leave(line.call_id, then)
            metrics.ended.labels(then.value).inc()
            if leg.refused is not None:
                metrics.refused.labels(leg.refused.code).inc()
            reason = str(leg.refused) if leg.refused else None
            log.info("call.ended", call=leg.call_id, then=then.value, refused=reason)
        if then is Next.HANG_UP and line.listener is None:
            await self.left(leg.call_id)
        self._ended += 1
        if self._ended % CALLS_A_TRIM == 0:
            await asyncio.to_thread(give_back)

    async def _held(self, line: Line, leg: NetworkLeg, service: Service) -> Next:
        people = self._people
        if people is None or line.listener is not None:
            return await Call(leg, service, metrics.note).run()
        if not line.stays:
            return await watched(Call(leg, service, metrics.note), leg, people)
        shared, session = SharedLeg(leg), leg.call_id

        def told(talk: Talk | None) -> None:
            if talk is None:
                self._talks.pop(session, None)
            else:
                self._talks[session] = talk

        async with asyncio.TaskGroup() as group:
            keeping = group.create_task(shared.keep())
            then = await Relay(shared, service, people, told).run()
            keeping.cancel()
        await leg.close(then)
        return then

    async def talk(self, session: str) -> Talk:
        """The talk of a session, which may be about to begin. NotFound: it is not held here."""
        for _ in range(round(_TALK_SECONDS / _LOOK_SECONDS)):
            if session in self._talks:
                return self._talks[session]
            await asyncio.sleep(_LOOK_SECONDS)
        raise NotFound("no such talk is held here")

    async def left(self, call_id: str) -> None:
        """The caller is gone, from us or out of the people's queue."""
        try:
            async with asyncio.timeout(_LEAVING_SECONDS):
                await self._service.left(call_id, self._service.clock())
        except (HotlineError, TimeoutError) as error:
            log.warning("call.not_left", call=call_id, reason=type(error).__name__)

    async def listen(self, host: str, port: int) -> asyncio.Server:
        """Take AudioSocket connections there."""
        return await listen(self._connected, host, port)

    async def _connected(self, reader: Incoming, writer: asyncio.StreamWriter) -> None:
        try:
            line = self.admit(await audiosocket.identify(reader))
        except Rejected as error:
            metrics.refused.labels(error.code).inc()
            log.warning("call.refused", code=error.code, reason=str(error))
        except HotlineError:
            pass
        else:
            leg = audiosocket.AudioSocketLeg(
                line.session, line.caller, reader, writer, self.metronome
            )
            await self.hold(line, leg)
        finally:
            writer.close()
