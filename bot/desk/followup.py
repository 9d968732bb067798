"""办结之后: the answer reaches every caller, call-backs, ratings, the one rework, the archive."""

import hashlib
from datetime import datetime

from bot.desk.ledger import MACHINE, Ledger
from bot.rules.errors import Rejected
from bot.rules.lifecycle import Order
from bot.rules.ticket import Command, Kind, Ticket, TicketStatus
from bot.store import CallBack, CallBackKind, Rated, Rating, Records

GRADES = range(1, 6)
METHODS = frozenset({"phone", "wechat", "web", "agent"})
CLOSING = frozenset({Command.CLOSE, Command.ANSWER, Command.ANSWER_MERGED})


class Followup(Ledger):
    """What follows a closed ticket."""

    async def _after(self, records: Records, before: Ticket, after: Ticket, order: Order) -> Ticket:
        """In the same transaction as the order: what it brings with it."""
        if order.command in CLOSING:
            if order.command is not Command.ANSWER_MERGED:
                await self._answer_merged(records, after, order)
            return await self._ask_the_caller(records, after, order.at)
        if before.status is TicketStatus.CALLING_BACK is not after.status:
            status = "done" if order.command is not Command.ARCHIVE else "cancelled"
            await records.call_backs.end(after.ticket_no, CallBackKind.PHONE, status, order.at)
        return after

    async def _answer_merged(self, records: Records, main: Ticket, order: Order) -> None:
        """Every caller whose ticket was merged into this one gets its answer too."""
        facts = {"reply": main.progress.reply, "close_kind": main.progress.close_kind}
        facts["main"] = main.ticket_no
        for ticket in await records.tickets.merged_into(main.ticket_no):
            if ticket.status is TicketStatus.MERGED:
                answer = Order(Command.ANSWER_MERGED, MACHINE, order.at, "", facts)
                await self._change(records, ticket.ticket_no, answer)

    async def _ask_the_caller(self, records: Records, ticket: Ticket, at: datetime) -> Ticket:
        channel = ticket.draft.channel
        method = channel if channel in METHODS else "phone"
        await records.call_backs.add(ticket.ticket_no, CallBackKind.PHONE, method, at)
        if ticket.draft.kind is Kind.APPEAL and self._sampled(ticket.ticket_no):
            await records.call_backs.add(ticket.ticket_no, CallBackKind.ONSITE, "agent", at)
        return await self._change(records, ticket.ticket_no, Order(Command.CALL_BACK, MACHINE, at))

    def _sampled(self, ticket_no: str) -> bool:
        """Whether somebody goes and looks: the same ticket is always drawn or never."""
        drawn = int.from_bytes(hashlib.sha256(ticket_no.encode()).digest()[:4], "big")
        return drawn / 2**32 < self.policy.onsite_share

    async def rate(
        self,
        ticket_no: str,
        grade: int,
        *,
        of: Rated | str = Rated.RESULT,
        method: str = "web",
        by: str = "caller",
        comment: str = "",
        at: datetime | None = None,
    ) -> Ticket:
        """评价: 5 (very satisfied) to 1. Of the result: a good one archives the ticket, the first
        bad one sends it to its one rework, the second to coordination. Of the service: noted."""
        if grade not in GRADES:
            raise Rejected("a grade of 1 to 5", code="out_of_range", field="grade")
        if method not in METHODS:
            raise Rejected("no such method", code="unknown", field="method")
        rated, at = Rated(of), self._at(at)
        async with self._store.begin() as records:
            ticket = await records.tickets.get(ticket_no, lock=True)
            rating = Rating(rated, grade, method, at, ticket.session_id, ticket_no, comment)
            if rated is Rated.RESULT:
                order = Order(_consequence(ticket, rating), by, at, comment or f"grade {grade}")
                ticket = await self._change(records, ticket_no, order)
            await records.ratings.add(rating)
        await self._tell(ticket, "rated")
        return ticket

    async def rate_service(
        self,
        session_id: str,
        grade: int,
        *,
        method: str = "web",
        comment: str = "",
        at: datetime | None = None,
    ) -> Rating:
        """话务评价: how we spoke, of a session with or without a ticket."""
        if grade not in GRADES:
            raise Rejected("a grade of 1 to 5", code="out_of_range", field="grade")
        rating = Rating(
            Rated.SERVICE, grade, method, self._at(at), session_id=session_id, comment=comment
        )
        async with self._store.begin() as records:
            await records.sessions.get(session_id)
            await records.ratings.add(rating)
        return rating

    async def call_backs(
        self, *, kind: CallBackKind | None = None, at: datetime | None = None
    ) -> list[CallBack]:
        """Whom to ask now, longest waiting first."""
        async with self._store.read() as records:
            return await records.call_backs.due(self._at(at), kind=kind)

    async def call_back(self, call_back_id: int) -> CallBack:
        """One of them; NotFound when there is none."""
        async with self._store.read() as records:
            return await records.call_backs.get(call_back_id)

    async def seen_on_site(
        self, call_back_id: int, *, by: str, finding: str, at: datetime | None = None
    ) -> CallBack:
        """现场回访: what was really done."""
        at = self._at(at)
        if not finding.strip():
            raise Rejected("what was seen", code="missing", field="finding")
        async with self._store.begin() as records:
            task = await records.call_backs.get(call_back_id)
            if task.kind is not CallBackKind.ONSITE or task.status != "waiting":
                raise Rejected("not an open visit", code="not_in_table", field="status")
            await records.call_backs.change(
                call_back_id, status="done", done_at=at, by=by, finding=finding
            )
            return await records.call_backs.get(call_back_id)


def _consequence(ticket: Ticket, rating: Rating) -> Command:
    if ticket.status is not TicketStatus.CALLING_BACK:
        raise Rejected("no result is waiting to be rated", code="not_in_table", field="status")
    if not rating.bad:
        return Command.ARCHIVE
    return Command.COORDINATE if ticket.progress.rework_count else Command.REWORK
