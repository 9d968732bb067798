"""全程留痕: the history of tickets, append-only and chained by hash.

Each row's hash covers the row before it, so that a row changed, taken out or put in between
breaks the chain; the ticket's version is the number of its rows, so that a cut-off end shows too.
Personal data does not belong in here: rows are never deleted.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, insert, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.lifecycle import Order
from bot.rules.privacy import mask
from bot.rules.ticket import Ticket
from bot.store.columns import Document, Moment, metadata

history = Table(
    "history",
    metadata,
    Column("ticket_no", ForeignKey("tickets.ticket_no"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("event", String(32), nullable=False),
    Column("status", String(24), nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("facts", Document, nullable=False),
    Column("hash", String(64), nullable=False),
)

GENESIS = "0" * 64


@dataclass(frozen=True)
class Event:
    """One row: what happened, the status it left, who, when and why."""

    ticket_no: str
    seq: int
    event: str
    status: str
    by: str
    at: datetime
    reason: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    hash: str = ""

    @classmethod
    def of(cls, ticket: Ticket, order: Order) -> Self:
        """The row of a ticket just changed by an order; numbers in words are masked."""
        return cls(
            ticket.ticket_no,
            ticket.version,
            order.command.value,
            ticket.status.value,
            order.by,
            order.at,
            mask(order.reason),
            {n: mask(fact) if isinstance(fact, str) else fact for n, fact in order.facts.items()},
        )

    def chained(self, previous: str) -> str:
        """The hash of this row after the row whose hash is ``previous``."""
        content = [previous, self.ticket_no, self.seq, self.event, self.status, self.by]
        content += [self.at.astimezone(UTC).isoformat(), self.reason, self.facts]
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def broken_at(events: list[Event], version: int) -> int | None:
    """The number of the first row of a ticket that does not fit its chain; None when all do."""
    previous = GENESIS
    for number, event in enumerate(events, start=1):
        if event.seq != number or event.chained(previous) != event.hash:
            return number
        previous = event.hash
    return None if len(events) == version else len(events) + 1


class History:
    """The histories of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, events: Sequence[Event]) -> None:
        """Append rows, each ticket's in order; ``seq`` is the ticket's new version, so that two
        can't take one place."""
        firsts = {event.ticket_no: event.seq for event in reversed(events)}
        last = await self._hashes_before(firsts)
        rows = []
        for event in events:
            last[event.ticket_no] = event.chained(last[event.ticket_no])
            rows.append(vars(event) | {"hash": last[event.ticket_no]})
        if rows:
            await self._connection.execute(insert(history), rows)

    async def _hashes_before(self, firsts: Mapping[str, int]) -> dict[str, str]:
        """The hash each ticket's chain ends with, just before the row that comes."""
        hashes = {number: GENESIS for number, seq in firsts.items() if seq == 1}
        wanted = [(number, seq - 1) for number, seq in firsts.items() if seq > 1]
        if wanted:
            query = select(history.c.ticket_no, history.c.hash).where(
                tuple_(history.c.ticket_no, history.c.seq).in_(wanted)
            )
            hashes |= {row[0]: row[1] for row in (await self._connection.execute(query)).all()}
        return hashes

    async def of(self, ticket_no: str) -> list[Event]:
        """The history of a ticket, from its opening on."""
        query = select(history).where(history.c.ticket_no == ticket_no).order_by(history.c.seq)
        return [Event(**dict(row)) for row in (await self._connection.execute(query)).mappings()]
