"""电话回访: whom to call now, and what came of a call; a robot and an agent use the same verbs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.desk.followup import Followup
from bot.rules.errors import Rejected
from bot.rules.lifecycle import Order
from bot.rules.ticket import Command, Ticket
from bot.store import CallBack, CallBackKind, Look, Records
from knowledge_base.call_back import load_call_back

LEASE = timedelta(minutes=10)  # of a call; when nobody says what came of it, it is due again


@dataclass(frozen=True)
class Errand:
    """One call to be made: to ``phone`` (in clear), about the ticket, in a session of its own."""

    id: int
    ticket: Ticket
    phone: str
    session_id: str


class Calling(Followup):
    """Calls back, in calling hours, so often and no more, and nobody who does not want it."""

    async def take_calls(
        self, *, by: str, limit: int = 1, at: datetime | None = None
    ) -> list[Errand]:
        """Take those who are to be called now; nobody else gets them meanwhile. None outside the
        calling hours. Each number that is given out is on the audit trail."""
        at = self._at(at)
        if not load_call_back().hours.open_at(at):
            return []
        async with self._store.begin() as records:
            waited = at - self.policy.call_back_by_phone_after
            tasks = await records.call_backs.lease(at, at + LEASE, waited, limit)
            return [await self._errand(records, task, by, at) for task in tasks]

    async def _errand(self, records: Records, task: CallBack, by: str, at: datetime) -> Errand:
        ticket = await records.tickets.get(task.ticket_no)
        known = await records.tickets.identity(task.ticket_no)
        facts = {"call_back": task.id, "sealed": ticket.draft.sealed}
        await records.audit.add(Look(by, "call_back_dialled", task.ticket_no, at, "", facts))
        session_id = f"call-back-{task.id}-{task.attempts + 1}"
        return Errand(task.id, ticket, known.phone, session_id)

    async def unreached(
        self, call_back_id: int, *, by: str, at: datetime | None = None
    ) -> CallBack:
        """Nobody answered: again in a day; after the last attempt the ticket is archived so."""
        return await self._again(call_back_id, by, self._at(at), self.policy.call_back_retry)

    async def postponed(
        self, call_back_id: int, *, by: str, at: datetime | None = None
    ) -> CallBack:
        """Not now: again in a few hours. It counts as an attempt."""
        return await self._again(call_back_id, by, self._at(at), self.policy.call_back_later)

    async def declined(
        self, call_back_id: int, *, by: str, forever: bool, at: datetime | None = None
    ) -> CallBack:
        """Does not want to say; ``forever``: does not want to be called at all."""
        at = self._at(at)
        async with self._store.begin() as records:
            task = await self._waiting(records, call_back_id)
            if forever:
                await records.tickets.call_no_more(task.ticket_no)
                look = Look(by, "calls_refused", task.ticket_no, at)
                await records.audit.add(look)
            await records.call_backs.change(
                call_back_id, attempts=task.attempts + 1, by=by, status="declined", done_at=at
            )
            if task.kind is CallBackKind.PHONE:
                order = Order(Command.ARCHIVE, by, at, "declined")
                await self._change(records, task.ticket_no, order)
            return await records.call_backs.get(call_back_id)

    async def _again(self, call_back_id: int, by: str, at: datetime, after: timedelta) -> CallBack:
        async with self._store.begin() as records:
            task = await self._waiting(records, call_back_id)
            attempts = task.attempts + 1
            over = attempts >= self.policy.call_back_attempts
            await records.call_backs.change(
                call_back_id,
                attempts=attempts,
                by=by,
                next_at=load_call_back().hours.next_open(at + after),
                status="unreached" if over else "waiting",
                done_at=at if over else None,
            )
            if over and task.kind is CallBackKind.PHONE:
                order = Order(Command.ARCHIVE, by, at, "unreached")
                await self._change(records, task.ticket_no, order)
            return await records.call_backs.get(call_back_id)

    @staticmethod
    async def _waiting(records: Records, call_back_id: int) -> CallBack:
        task = await records.call_backs.get(call_back_id)
        if task.status != "waiting":
            raise Rejected("it is over", code="not_in_table", field="status")
        return task
