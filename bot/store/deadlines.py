"""时限 records: what falls due when. Each fires once, whoever asks first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.sla import ClockName, Deadline, Mark
from bot.store.columns import Moment, Serial, metadata
from bot.store.ticket_table import tickets

PENDING = "state = 'pending'"

deadlines = Table(
    "deadlines",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("ticket_no", ForeignKey("tickets.ticket_no"), nullable=False),
    Column("clock", String(16), nullable=False),
    Column("mark", String(16), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("fired_at", Moment),
    Index("ix_deadlines_ticket", "ticket_no"),
    Index(
        "ix_deadlines_pending",
        "due_at",
        sqlite_where=text(PENDING),
        postgresql_where=text(PENDING),
    ),
)


@dataclass(frozen=True)
class Due:
    """A mark that was reached and is now ours to act on."""

    id: int
    ticket_no: str
    clock: ClockName
    mark: Mark
    due_at: datetime


class Deadlines:
    """The deadlines of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, clocks: Mapping[str, Sequence[Deadline]]) -> None:
        """Start clocks: note the marks of each ticket."""
        rows = [
            {
                "ticket_no": ticket_no,
                "clock": mark.clock.value,
                "mark": mark.mark.value,
                "due_at": mark.due_at,
                "state": "pending",
            }
            for ticket_no, marks in clocks.items()
            for mark in marks
        ]
        if rows:
            await self._connection.execute(insert(deadlines), rows)

    async def cancel(self, ticket_no: str, *clocks: ClockName) -> None:
        """Stop these clocks of a ticket; all of them when none is named."""
        statement = update(deadlines).where(deadlines.c.ticket_no == ticket_no, text(PENDING))
        if clocks:
            statement = statement.where(deadlines.c.clock.in_([c.value for c in clocks]))
        await self._connection.execute(statement.values(state="cancelled"))

    async def fired(self, ticket_no: str) -> set[tuple[ClockName, Mark]]:
        """The marks of a ticket that have fired: they don't fire again."""
        query = select(deadlines.c.clock, deadlines.c.mark).where(
            deadlines.c.ticket_no == ticket_no, deadlines.c.state == "fired"
        )
        rows = (await self._connection.execute(query)).all()
        return {(ClockName(row.clock), Mark(row.mark)) for row in rows}

    async def claim(self, now: datetime, limit: int = 100) -> list[Due]:
        """Take what is due, oldest first, so that no other worker gets it.

        The claim holds from the commit of this transaction; what is done about it belongs in
        the same transaction, so that it happens exactly once. A ticket that somebody is changing
        at this moment is passed over: its marks are about to change too, and come up again.
        """
        ids = (
            select(deadlines.c.id)
            .where(text(PENDING), deadlines.c.due_at <= now)
            .order_by(deadlines.c.due_at)
            .limit(limit)
        )
        if self._connection.dialect.name == "postgresql":
            ids = ids.join(tickets).with_for_update(skip_locked=True, of=[deadlines, tickets])
        statement = (
            update(deadlines)
            .where(deadlines.c.id.in_(ids), text(PENDING))
            .values(state="fired", fired_at=now)
            .returning(
                deadlines.c.id,
                deadlines.c.ticket_no,
                deadlines.c.clock,
                deadlines.c.mark,
                deadlines.c.due_at,
            )
        )
        rows = (await self._connection.execute(statement)).all()
        due = [
            Due(row.id, row.ticket_no, ClockName(row.clock), Mark(row.mark), row.due_at)
            for row in rows
        ]
        return sorted(due, key=lambda d: (d.due_at, d.id))

    async def next_due_at(self) -> datetime | None:
        """When the next mark is reached; None when no clock runs."""
        query = (
            select(deadlines.c.due_at).where(text(PENDING)).order_by(deadlines.c.due_at).limit(1)
        )
        return (await self._connection.execute(query)).scalar_one_or_none()
