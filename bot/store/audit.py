"""审计 records: who looked at what that is sealed, and who was refused. Append-only."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, String, Table, Text, insert, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import Document, Moment, Serial, metadata

audit = Table(
    "audit",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("by", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("facts", Document, nullable=False),
    Index(None, "subject"),
    Index(None, "by", "at"),
)


@dataclass(frozen=True)
class Look:
    """One row: who did what to which subject, when and why. No personal data in ``facts``."""

    by: str
    action: str
    subject: str
    at: datetime
    reason: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


class Audit:
    """The audit trail, as seen from one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, look: Look) -> None:
        """Note one."""
        await self._connection.execute(insert(audit).values(**vars(look)))

    async def of(self, subject: str, limit: int = 200) -> list[Look]:
        """What was done to a subject, newest first."""
        return await self._listed(audit.c.subject == subject, limit)

    async def by(self, actor: str, limit: int = 200) -> list[Look]:
        """What somebody did, newest first."""
        return await self._listed(audit.c.by == actor, limit)

    async def newest(self, limit: int = 200) -> list[Look]:
        """What was done lately, newest first."""
        return await self._listed(true(), limit)

    async def _listed(self, condition: Any, limit: int) -> list[Look]:
        columns = [column for column in audit.c if column.name != "id"]
        query = select(*columns).where(condition).order_by(audit.c.id.desc()).limit(limit)
        return [Look(**dict(row)) for row in (await self._connection.execute(query)).mappings()]
