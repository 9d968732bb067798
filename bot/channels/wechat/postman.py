"""Answers what WeChat pushed: takes each person's line, hears what waits, sends what was said.

Any number of postmen may work at once: a line is one postman's for the time of its claim. What is
to be sent is read from the session's turns after the last one that has gone out, so that a
machine's answer and an agent's words go the same way and nothing is said twice. A postman that
dies in the instant between WeChat's answer and our note of it is the one case in which a message
goes out again: WeChat has no key by which it would know it.
"""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from bot.channels.wechat.hearing import Listener
from bot.channels.wechat.people import new_session
from bot.channels.wechat.phrases import written
from bot.channels.wechat.results import Results, told
from bot.clock import Clock
from bot.log import bind, logger
from bot.rules.errors import HotlineError, Rejected, Unavailable
from bot.rules.session import Handler, Speaker
from bot.rules.wechat import Wait, Window, goes_on, kept_back, pack
from bot.store import Line, Person, Push, Records, Store, TicketFilter

log = logger(__name__)

LEASE_SECONDS = 30.0  # longer than hearing one push and sending one answer may take
AT_ONCE = 8
ATTEMPTS = 20
LONGEST_WAIT_SECONDS = 120.0
REFUSED_WAIT = timedelta(minutes=10)
WAKE_SECONDS = 1.0
SWEEP_SECONDS = 0.2


class LineLost(Exception):
    """Somebody else has the line by now."""


class Postman:
    """One per process."""

    def __init__(self, store: Store, listener: Listener, results: Results, clock: Clock) -> None:
        self._store = store
        self._listener = listener
        self._platforms = listener.platforms
        self._results = results
        self._clock = clock
        self._woken_at: datetime | None = None

    async def run(self) -> None:
        """Work until cancelled, on several lines at once."""
        places = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as group:
            while True:
                await places.acquire()
                line = await self._next()
                if line is None:
                    places.release()
                    await asyncio.sleep(SWEEP_SECONDS)
                else:
                    group.create_task(self._serve_in(places, line))

    async def work(self) -> int:
        """Work on all that is due now, one after the other; on how many lines it was."""
        count = 0
        while (line := await self._next()) is not None:
            await self._serve(line)
            count += 1
        return count

    async def _next(self) -> Line | None:
        """A line with work to do, claimed; None when there is none, or no database."""
        at = self._clock()
        try:
            async with self._store.read() as records:
                next_at = await records.lines.next_due_at()
            if (next_at is None or next_at > at) and not await self._wake(at):
                return None
            async with self._store.begin() as records:
                claimed = await records.lines.claim(at, LEASE_SECONDS, 1)
        except Unavailable as error:
            log.warning("wechat.records_away", reason=str(error))
            return None
        return claimed[0] if claimed else None

    async def _serve_in(self, places: asyncio.Semaphore, line: Line) -> None:
        try:
            await self._serve(line)
        finally:
            places.release()

    async def _wake(self, at: datetime) -> int:
        """Look for what agents have said and for results, once a second."""
        if self._woken_at is not None and (at - self._woken_at).total_seconds() < WAKE_SECONDS:
            return 0
        self._woken_at = at
        async with self._store.read() as records:
            behind = await records.lines.behind(at)
        if behind:
            async with self._store.begin() as records:
                await records.lines.wake(behind, at)
        return len(behind) + await self._results.gather(at)

    async def _serve(self, line: Line) -> None:
        """Converse, and give the line back; where even that fails, its lease ends by itself."""
        with bind(person=line.person):
            try:
                try:
                    again_at = await self._converse(line)
                    failures = 0
                except HotlineError as error:
                    failures = line.failures + 1
                    log.warning("wechat.waits", failures=failures, reason=str(error))
                    again_at = self._clock() + _backoff(failures)
                await self._let_go(line, again_at, failures=failures)
            except LineLost:
                log.warning("wechat.line_lost")
            except HotlineError as error:
                log.warning("wechat.line_kept", reason=str(error))

    async def _converse(self, line: Line) -> datetime | None:
        """Hear all that waits and send all that may be sent; when to come again without cause."""
        async with self._store.read() as records:
            person = await records.people.get(line.person)
            pushes = await records.inbox.waiting(line.person)
        for push in pushes:
            line = await self._hear(line, push, person)
            if push is not pushes[-1]:  # the last place of the window is for all that is left
                line, _ = await self._deliver(line, person, spare=1)
        line, again_at = await self._deliver(line, person)
        return again_at or await self._tell_results(line, person)

    async def _hear(self, line: Line, push: Push, person: Person) -> Line:
        line, push = await self._begin(line, push)
        try:
            await self._listener.take(push, person)
        except HotlineError as error:
            if push.attempts < ATTEMPTS:
                raise
            log.error("wechat.never_heard", push=push.id, reason=str(error))
            values: dict[str, object] = {"state": "dead"}
        else:
            values = {"state": "done", "facts": {}}  # the turns have it now
        async with self._store.begin() as records:
            await self._hold(records, line)
            await records.inbox.change(push.id, **values)
        return line

    async def _begin(self, line: Line, push: Push) -> tuple[Line, Push]:
        """The push with its session, decided once and written down before anything is said."""
        attempts = push.attempts + 1
        async with self._store.begin() as records:
            await self._hold(records, line)
            session_id = push.session_id or await self._session_of(records, line, push)
            await records.inbox.change(push.id, session_id=session_id, attempts=attempts)
            if session_id != line.session_id:
                line = replace(line, session_id=session_id, seq=0)
            line = replace(line, heard_at=push.received_at)
            await self._write(
                records, line, session_id=session_id, seq=line.seq, heard_at=line.heard_at
            )
        return line, replace(push, session_id=session_id, attempts=attempts)

    async def _session_of(self, records: Records, line: Line, push: Push) -> str:
        if line.session_id is not None:
            session = await records.sessions.find(line.session_id)
            handler = session.handler if session else Handler.BOT
            if goes_on(handler, line.heard_at, push.received_at):
                return line.session_id
        return new_session(line.person)

    async def _deliver(
        self, line: Line, person: Person, *, spare: int = 0
    ) -> tuple[Line, datetime | None]:
        """Send what was said and has not gone out, as far as the window lets it."""
        waiting, last_seq, window, kept = await self._waiting(line)
        if kept != line.kept:
            async with self._store.begin() as records:
                await self._write(records, line, kept=kept)
            line = replace(line, kept=kept)
        parcels = pack(waiting, window.open(self._clock()) - kept - spare)
        for parcel in parcels:
            try:
                await self._platforms[person.account].send_text(person.openid, parcel.text)
            except Rejected as refused:
                return line, await self._refused(line, refused)
            line = await self._sent(line, parcel.upto)
        if parcels and parcels[-1].upto < max(wait.seq for wait in waiting):
            log.info("wechat.held_back", waiting=len(waiting) - len(parcels))
        elif parcels or not waiting:
            await self._said(line, last_seq)
            line = replace(line, seq=last_seq)
        return line, None

    async def _tell_results(self, line: Line, person: Person) -> datetime | None:
        """The results of tickets, with the last place of the window or by subscription."""
        for item, ticket in await self._results.of(person):
            async with self._store.read() as records:
                window = (await records.lines.get(line.person)).window
            if not window.open(self._clock()):
                to = self._platforms[person.account]
                await self._results.subscribe(item, ticket, person, to)
                continue
            try:
                await self._platforms[person.account].send_text(person.openid, told(ticket))
            except Rejected as refused:
                return await self._refused(line, refused)
            async with self._store.begin() as records:
                window = (await records.lines.get(line.person, lock=True)).window.spent()
                await self._write(records, line, left=window.left)
                await records.news.went(item.key, "sent")
        return None

    async def _waiting(self, line: Line) -> tuple[list[Wait], int, Window, int]:
        """What waits to be said, the last turn there is, the window and how much of it is kept."""
        if line.session_id is None:
            return [], line.seq, line.window, 0
        async with self._store.read() as records:
            window = (await records.lines.get(line.person)).window
            session = await records.sessions.find(line.session_id)
            turns = await records.turns.since(line.session_id, line.seq)
            wanted = TicketFilter(session_id=line.session_id, open=True, limit=1)
            expects = bool(await records.tickets.listed(wanted))
        speakers = {Speaker.BOT, Speaker.AGENT}
        if session is not None and session.handler is Handler.AGENT:
            speakers = {Speaker.AGENT}  # from that instant on no word of the machine goes out
        waiting = [Wait(turn.seq, written(turn)) for turn in turns if turn.speaker in speakers]
        return waiting, turns[-1].seq if turns else line.seq, window, kept_back(expects)

    async def _sent(self, line: Line, upto: int) -> Line:
        """One message is with WeChat."""
        async with self._store.begin() as records:
            window = (await records.lines.get(line.person, lock=True)).window.spent()
            await self._write(records, line, seq=upto, left=window.left)
        return replace(line, seq=upto)

    async def _said(self, line: Line, seq: int) -> None:
        if seq > line.seq:
            async with self._store.begin() as records:
                await self._write(records, line, seq=seq)

    async def _refused(self, line: Line, refused: Rejected) -> datetime | None:
        """WeChat does not take it. Until the caller writes again, it waits."""
        at = self._clock()
        log.warning("wechat.not_sent", code=refused.code)
        async with self._store.begin() as records:
            window = (await records.lines.get(line.person, lock=True)).window
            match refused.code:
                case "window_closed":
                    window = window.closed(at)
                case "count_exhausted":
                    window = window.exhausted()
                case "unknown_person":
                    await self._write(records, line, refused=True)
                    return None
                case _:  # ours to mend: the interface is not granted, a secret is wrong
                    log.error("wechat.cannot_send", code=refused.code)
                    return at + REFUSED_WAIT
            await self._write(records, line, left=window.left, until=window.until)
        return None

    async def _let_go(self, line: Line, again_at: datetime | None, *, failures: int) -> None:
        """Give the line back; what came meanwhile makes it due at once."""
        async with self._store.begin() as records:
            held = await records.lines.get(line.person, lock=True)
            if held.claim != line.claim:
                return
            if not failures and await records.inbox.waiting(line.person, 1):
                again_at = self._clock()
            await records.lines.change(
                line.person, line.claim, claimed_until=None, due_at=again_at, failures=failures
            )

    async def _hold(self, records: Records, line: Line) -> None:
        """Go on holding the line. LineLost when it is somebody else's."""
        until = self._clock() + timedelta(seconds=LEASE_SECONDS)
        await self._write(records, line, claimed_until=until)

    @staticmethod
    async def _write(records: Records, line: Line, **values: object) -> None:
        if not await records.lines.change(line.person, line.claim, **values):
            raise LineLost


def _backoff(failures: int) -> timedelta:
    return timedelta(seconds=min(0.25 * 2.0**failures, LONGEST_WAIT_SECONDS))
