"""漏接 records: callers who were lost before a person spoke to them, to be called back.

One open entry a session. ``draft`` is the report as far as filled; it is offered on the next call
until ``keep_until`` (国办函〔2025〕66号: 完善漏接电话回拨).
"""

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.errors import NotFound
from bot.store.columns import Document, Moment, Serial, metadata

WAITING = "status = 'waiting'"

missed = Table(
    "missed",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("session_id", ForeignKey("sessions.id"), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("phone", String(32), nullable=False),
    Column("why", String(16), nullable=False),
    Column("summary", Text, nullable=False),
    Column("draft", Document, nullable=False),
    Column("missed_at", Moment, nullable=False),
    Column("keep_until", Moment, nullable=False),
    Column("status", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("by", String(64)),
    Column("done_at", Moment),
    Column("note", Text, nullable=False),
    Index(
        "uq_missed_waiting",
        "session_id",
        unique=True,
        sqlite_where=text(WAITING),
        postgresql_where=text(WAITING),
    ),
    Index("ix_missed_phone", "phone"),
)


@dataclass(frozen=True)
class Missed:
    """漏接. ``why``: queue, report or asked (a number was left); ``status``: waiting, done,
    given_up, or returned (the caller came back by themselves)."""

    session_id: str
    channel: str
    phone: str
    why: str
    missed_at: datetime
    keep_until: datetime
    summary: str = ""
    draft: dict[str, Any] = field(default_factory=dict)
    status: str = "waiting"
    attempts: int = 0
    by: str | None = None
    done_at: datetime | None = None
    note: str = ""
    id: int = 0


_NAMES = [f.name for f in fields(Missed) if f.name != "id"]


class MissedCalls:
    """The missed callers of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, entry: Missed) -> Missed:
        """Store a new one; it comes back with its id."""
        values = {name: getattr(entry, name) for name in _NAMES}
        statement = insert(missed).values(**values).returning(*missed.c)
        return Missed(**dict((await self._connection.execute(statement)).mappings().one()))

    async def get(self, entry_id: int, *, lock: bool = False) -> Missed:
        """The entry; NotFound when there is none."""
        query = select(missed).where(missed.c.id == entry_id)
        row = (await self._one(query.with_for_update() if lock else query)).first()
        if row is None:
            raise NotFound(f"no missed call {entry_id}")
        return Missed(**dict(row))

    async def open_of(self, session_id: str) -> Missed | None:
        """The waiting entry of a session."""
        query = select(missed).where(missed.c.session_id == session_id, text(WAITING))
        row = (await self._one(query)).first()
        return None if row is None else Missed(**dict(row))

    async def kept_for(self, phone: str, at: datetime) -> Missed | None:
        """The newest entry of a number whose draft is still kept."""
        query = (
            select(missed)
            .where(missed.c.phone == phone, missed.c.keep_until > at, text(WAITING))
            .order_by(missed.c.id.desc())
        )
        row = (await self._one(query)).first()
        return None if row is None else Missed(**dict(row))

    async def waiting(self, limit: int = 200) -> list[Missed]:
        """Whom to call back, longest missed first."""
        query = select(missed).where(text(WAITING)).order_by(missed.c.missed_at).limit(limit)
        return [Missed(**dict(row)) for row in await self._one(query)]

    async def change(self, entry_id: int, **values: object) -> None:
        """Change columns of one."""
        await self._connection.execute(
            update(missed).where(missed.c.id == entry_id).values(**values)
        )

    async def _one(self, query: Any) -> Any:
        return (await self._connection.execute(query)).mappings()
