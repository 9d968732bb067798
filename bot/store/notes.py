"""Notes beside a conversation: a supervisor's whisper, an agent's wrap-up. Never the caller's."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    insert,
    select,
)
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

_OF = (
    select(*[column for column in notes.c if column.name != "id"])
    .where(notes.c.session_id == bindparam("wanted"))
    .order_by(notes.c.id)
    .limit(bindparam("most", type_=Integer))
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
        found = await self._connection.execute(_OF, {"wanted": session_id, "most": limit})
        return [Note(**dict(row)) for row in found.mappings()]
