"""待发件箱: what has to reach the outside, written in the transaction that caused it.

Delivered at least once, in order within a ticket, with ``key`` as the idempotency key; after too
many failures an entry is dead and stands on the desk until somebody sends it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    and_,
    exists,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import Document, Moment, Serial, metadata

PENDING = "state = 'pending'"

outbox = Table(
    "outbox",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("key", String(128), nullable=False, unique=True),
    Column("ticket_no", String(24), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("payload", Document, nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column("sent_at", Moment),
    Index("ix_outbox_ticket", "ticket_no"),
    Index(
        "ix_outbox_pending", "next_at", sqlite_where=text(PENDING), postgresql_where=text(PENDING)
    ),
)


@dataclass(frozen=True)
class Letter:
    """One entry. ``attempts`` counts the deliveries begun."""

    id: int
    key: str
    ticket_no: str
    kind: str
    payload: dict[str, Any]
    state: str
    created_at: datetime
    next_at: datetime
    attempts: int
    error: str
    sent_at: datetime | None


@dataclass(frozen=True)
class NewLetter:
    """What is put in."""

    key: str
    ticket_no: str
    kind: str
    payload: dict[str, Any]
    created_at: datetime


class Outbox:
    """The outbox of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, letters: Sequence[NewLetter]) -> None:
        """Put letters in. A key is taken once."""
        rows = [
            vars(letter)
            | {"state": "pending", "next_at": letter.created_at, "attempts": 0, "error": ""}
            for letter in letters
        ]
        if rows:
            await self._connection.execute(insert(outbox), rows)

    async def lease(self, now: datetime, seconds: float, limit: int = 20) -> list[Letter]:
        """Take entries whose time has come, for ``seconds``: when they are neither sent nor
        failed by then (the worker died), they come up again. Later entries of a ticket wait for
        its earlier ones."""
        earlier = outbox.alias()
        ids = (
            select(outbox.c.id)
            .where(
                text("outbox.state = 'pending'"),
                outbox.c.next_at <= now,
                ~exists().where(
                    and_(
                        earlier.c.ticket_no == outbox.c.ticket_no,
                        earlier.c.state == "pending",
                        earlier.c.id < outbox.c.id,
                    )
                ),
            )
            .order_by(outbox.c.next_at)
            .limit(limit)
            .with_for_update(skip_locked=True, of=outbox)
        )
        statement = (
            update(outbox)
            .where(outbox.c.id.in_(ids), outbox.c.state == "pending")
            .values(next_at=now + timedelta(seconds=seconds), attempts=outbox.c.attempts + 1)
            .returning(*outbox.c)
        )
        rows = (await self._connection.execute(statement)).mappings()
        return sorted((Letter(**dict(row)) for row in rows), key=lambda letter: letter.id)

    async def sent(self, letter_ids: Sequence[int], at: datetime) -> None:
        """The other side has them."""
        await self._connection.execute(
            update(outbox)
            .where(outbox.c.id.in_(letter_ids), outbox.c.state == "pending")
            .values(state="sent", sent_at=at, error="")
        )

    async def failed(self, letter_id: int, error: str, next_at: datetime) -> None:
        """Not delivered: again at ``next_at``."""
        await self._set(letter_id, error=error, next_at=next_at)

    async def died(self, letter_id: int, error: str) -> None:
        """Given up: a dead letter."""
        await self._set(letter_id, state="dead", error=error)

    async def hurry(self, at: datetime) -> None:
        """Try everything that is pending again now, whatever it waits for."""
        await self._connection.execute(
            update(outbox).where(text(PENDING), outbox.c.next_at > at).values(next_at=at)
        )

    async def revive(self, letter_id: int, at: datetime) -> bool:
        """Send a dead letter again; False when it is not dead."""
        result = await self._connection.execute(
            update(outbox)
            .where(outbox.c.id == letter_id, outbox.c.state == "dead")
            .values(state="pending", next_at=at, attempts=0)
        )
        return result.rowcount == 1

    async def dead(self, limit: int = 100) -> list[Letter]:
        """The dead letters, oldest first."""
        return await self._listed(outbox.c.state == "dead", limit)

    async def of(self, ticket_no: str) -> list[Letter]:
        """All entries of a ticket, in order."""
        return await self._listed(outbox.c.ticket_no == ticket_no, 1000)

    async def next_at(self) -> datetime | None:
        """When the next entry comes up; None when none is pending."""
        query = select(outbox.c.next_at).where(text(PENDING)).order_by(outbox.c.next_at).limit(1)
        return (await self._connection.execute(query)).scalar_one_or_none()

    async def _set(self, letter_id: int, **values: object) -> None:
        await self._connection.execute(
            update(outbox)
            .where(outbox.c.id == letter_id, outbox.c.state == "pending")
            .values(**values)
        )

    async def _listed(self, condition: Any, limit: int) -> list[Letter]:
        query = select(outbox).where(condition).order_by(outbox.c.id).limit(limit)
        return [Letter(**dict(row)) for row in (await self._connection.execute(query)).mappings()]
