"""工单 records: the tickets of one transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.errors import NotFound, Rejected
from bot.rules.ticket import BEFORE_TRANSFER, Ticket, TicketStatus, Urgency
from bot.store.ticket_table import counters, identities, tickets, to_row, to_ticket


@dataclass(frozen=True)
class Identity:
    """Who a ticket is from, in clear. Read only through ``Desk.identity``, which notes the look."""

    name: str
    phone: str


@dataclass(frozen=True)
class TicketFilter:
    """Which tickets a list shows; None does not filter. ``waiting``: not yet transferred."""

    statuses: Sequence[TicketStatus] | None = None
    open: bool = False
    waiting: bool = False
    lead_unit: str | None = None
    district: str | None = None
    category: str | None = None
    urgency: Urgency | None = None
    supervised: bool | None = None
    difficult: bool | None = None
    session_id: str | None = None
    accepted_from: datetime | None = None
    accepted_before: datetime | None = None
    newest_first: bool = False
    limit: int = 100
    offset: int = 0


class Tickets:
    """The tickets of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def next_numbers(self, moments: Sequence[datetime]) -> list[str]:
        """The next ticket numbers, one for each moment: GZ, its date, six digits counted by the
        day. No gap and no double: the counter's row is locked until the commit."""
        days = [f"{moment:%Y%m%d}" for moment in moments]
        ends = {day: await self._counted(day, days.count(day)) for day in sorted(set(days))}
        left = {day: days.count(day) for day in ends}
        numbers = []
        for day in days:
            left[day] -= 1
            numbers.append(f"GZ{day}{ends[day] - left[day]:06d}")
        return numbers

    async def _counted(self, day: str, count: int) -> int:
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        statement = (
            dialect.insert(counters)
            .values(name=f"ticket-{day}", value=count)
            .on_conflict_do_update(
                index_elements=[counters.c.name], set_={"value": counters.c.value + count}
            )
            .returning(counters.c.value)
        )
        return int((await self._connection.execute(statement)).scalar_one())

    async def by_keys(self, keys: Collection[str]) -> dict[str, Ticket]:
        """The tickets that were opened with these idempotency keys."""
        query = self._joined().where(tickets.c.key.in_(keys))
        rows = (await self._connection.execute(query)).mappings()
        return {row["key"]: to_ticket(row) for row in rows}

    async def add(self, opened: Mapping[str, Ticket]) -> None:
        """Store new tickets by their keys, with callers' names and numbers in clear."""
        rows = [to_row(ticket) | {"key": key} for key, ticket in opened.items()]
        await self._connection.execute(insert(tickets), rows)
        callers = [
            {"ticket_no": one.ticket_no, "name": one.draft.name, "phone": one.draft.phone}
            for one in opened.values()
        ]
        await self._connection.execute(insert(identities), callers)

    async def get(self, ticket_no: str, *, lock: bool = False) -> Ticket:
        """The ticket, masked; NotFound when there is none."""
        ticket = await self._one(tickets.c.ticket_no == ticket_no, lock=lock)
        if ticket is None:
            raise NotFound(f"no ticket {ticket_no}")
        return ticket

    async def many(self, numbers: Sequence[str]) -> dict[str, Ticket]:
        """The tickets with these numbers, locked until the commit."""
        if not numbers:
            return {}
        query = self._joined().where(tickets.c.ticket_no.in_(numbers)).with_for_update(of=tickets)
        rows = (await self._connection.execute(query)).mappings()
        return {row["ticket_no"]: to_ticket(row) for row in rows}

    async def mark_breached(self, changed: Sequence[Ticket]) -> None:
        """Store what a breach changes on locked tickets, many at once."""
        if not changed:
            return
        statement = update(tickets).where(tickets.c.ticket_no == bindparam("number"))
        names = ("transfer_breached_at", "handling_breached_at", "supervised")
        columns: dict[str, Any] = {n: bindparam(f"new_{n}") for n in (*names, "version")}
        rows = [
            {f"new_{name}": getattr(ticket.progress, name) for name in names}
            | {"number": ticket.ticket_no, "new_version": ticket.version}
            for ticket in changed
        ]
        await self._connection.execute(statement.values(columns), rows)

    async def save(self, ticket: Ticket) -> None:
        """Store a changed ticket; Rejected when somebody changed it in between.

        The ticket comes with its new version, one above the one it was read with. What the
        caller said (the draft's name and number) is not touched.
        """
        values = to_row(ticket)
        result = await self._connection.execute(
            update(tickets)
            .where(tickets.c.ticket_no == ticket.ticket_no, tickets.c.version == ticket.version - 1)
            .values(**values)
        )
        if result.rowcount == 0:
            raise Rejected("somebody changed the ticket meanwhile", code="stale", field="version")

    async def identity(self, ticket_no: str) -> Identity:
        """Name and number in clear."""
        query = select(identities.c.name, identities.c.phone).where(
            identities.c.ticket_no == ticket_no
        )
        row = (await self._connection.execute(query)).first()
        if row is None:
            raise NotFound(f"no ticket {ticket_no}")
        return Identity(row.name, row.phone)

    async def identities(self, numbers: Sequence[str]) -> dict[str, Identity]:
        """Names and numbers in clear, of several tickets."""
        query = select(identities).where(identities.c.ticket_no.in_(numbers))
        rows = (await self._connection.execute(query)).all()
        return {row.ticket_no: Identity(row.name, row.phone) for row in rows}

    async def call_no_more(self, ticket_no: str) -> None:
        """Whoever has the number of this ticket is not called back any more, for any ticket."""
        phone = select(identities.c.phone).where(identities.c.ticket_no == ticket_no)
        await self._connection.execute(
            update(identities)
            .where(identities.c.phone == phone.scalar_subquery(), identities.c.phone != "")
            .values(no_calls=True)
        )

    async def by_phone(self, phone: str, limit: int = 20) -> list[Ticket]:
        """The tickets of a number, newest first."""
        return await self._many(
            identities.c.phone == phone, order=tickets.c.accepted_at.desc(), limit=limit
        )

    async def by_sessions(self, first: str, last: str, limit: int = 100) -> list[Ticket]:
        """The tickets of the sessions whose ids are from ``first`` to ``last``, newest first."""
        return await self._many(
            tickets.c.session_id.between(first, last),
            order=tickets.c.accepted_at.desc(),
            limit=limit,
        )

    async def listed(self, wanted: TicketFilter) -> list[Ticket]:
        """The tickets of a list, the one with the least time left first."""
        # with ``open`` the partial index gives this order by itself
        order: tuple[Any, ...] = (tickets.c.runs_until,)
        if not wanted.open:
            order = (tickets.c.runs_until.is_(None), *order, tickets.c.accepted_at)
        if wanted.newest_first:
            order = (tickets.c.accepted_at.desc(),)
        return await self._many(
            *_conditions(wanted), order=order, limit=wanted.limit, offset=wanted.offset
        )

    async def alike(self, ticket: Ticket, since: datetime) -> list[Ticket]:
        """Open tickets of the same category and place accepted since then: to be merged?"""
        draft = ticket.draft
        return await self._many(
            tickets.c.runs_until.is_not(None),
            tickets.c.ticket_no != ticket.ticket_no,
            tickets.c.category == draft.category,
            tickets.c.district == draft.district,
            tickets.c.street == draft.street,
            tickets.c.accepted_at >= since,
            order=tickets.c.accepted_at.asc(),
            limit=20,
        )

    async def merged_into(self, ticket_no: str) -> list[Ticket]:
        """The tickets that were merged into this one."""
        return await self._many(
            tickets.c.merged_into == ticket_no, order=tickets.c.accepted_at.asc(), limit=1000
        )

    @staticmethod
    def _joined() -> Select[Any]:
        return select(tickets, identities.c.name, identities.c.phone).join(
            identities, tickets.c.ticket_no == identities.c.ticket_no
        )

    async def _one(self, condition: Any, *, lock: bool = False) -> Ticket | None:
        query = self._joined().where(condition)
        if lock:
            query = query.with_for_update(of=tickets)
        row = (await self._connection.execute(query)).mappings().first()
        return None if row is None else to_ticket(row)

    async def _many(
        self, *conditions: Any, order: Any, limit: int, offset: int = 0
    ) -> list[Ticket]:
        query = (
            self._joined()
            .where(*conditions)
            .order_by(*(order if isinstance(order, tuple) else (order,)))
            .limit(limit)
            .offset(offset)
        )
        return [to_ticket(row) for row in (await self._connection.execute(query)).mappings()]


def _conditions(wanted: TicketFilter) -> list[Any]:
    equal = {
        "lead_unit": wanted.lead_unit,
        "district": wanted.district,
        "category": wanted.category,
        "urgency": wanted.urgency.value if wanted.urgency else None,
        "supervised": wanted.supervised,
        "difficult": wanted.difficult,
        "session_id": wanted.session_id,
    }
    conditions: list[Any] = [
        tickets.c[name] == value for name, value in equal.items() if value is not None
    ]
    if wanted.statuses is not None:
        conditions.append(tickets.c.status.in_([status.value for status in wanted.statuses]))
    if wanted.accepted_from is not None:
        conditions.append(tickets.c.accepted_at >= wanted.accepted_from)
    if wanted.accepted_before is not None:
        conditions.append(tickets.c.accepted_at < wanted.accepted_before)
    if wanted.open:
        conditions.append(tickets.c.runs_until.is_not(None))
    if wanted.waiting:
        conditions.append(tickets.c.status.in_([s.value for s in BEFORE_TRANSFER]))
    return conditions
