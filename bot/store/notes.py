"""Notes beside a conversation: a supervisor's whisper, an agent's wrap-up. Never the caller's."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import Moment, Serial, metadata

notes = Table(
    "notes",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("session_id", ForeignKey("sessions.id"), nullable=False),
    Column("by", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "session_id"),
)


@dataclass(frozen=True)
class Note:
    """One. ``kind``: whisper (supervisor to agent), note (among agents), wrap_up (小结)."""

    session_id: str
    by: str
    kind: str
    text: str
    at: datetime


class Notes:
    """The notes of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, note: Note) -> None:
        """Keep one."""
        await self._connection.execute(insert(notes).values(**vars(note)))

    async def of(self, session_id: str, limit: int = 200) -> list[Note]:
        """Those of a session, in order."""
        columns = [column for column in notes.c if column.name != "id"]
        query = (
            select(*columns)
            .where(notes.c.session_id == session_id)
            .order_by(notes.c.id)
            .limit(limit)
        )
        return [Note(**dict(row)) for row in (await self._connection.execute(query)).mappings()]
