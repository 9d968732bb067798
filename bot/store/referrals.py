"""转介 records: whom we sent to which other door."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, String, Table, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import Moment, Serial, metadata

referrals = Table(
    "referrals",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("session_id", ForeignKey("sessions.id"), nullable=False),
    Column("number", String(32), nullable=False),
    Column("body", String(64), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "session_id"),
    Index(None, "at"),
)


@dataclass(frozen=True)
class Referral:
    """转介: the door named to a caller: its number, its body, and the reason of scope."""

    session_id: str
    number: str
    body: str
    reason: str
    at: datetime


class Referrals:
    """The referrals of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, referral: Referral) -> None:
        """Note one."""
        await self._connection.execute(insert(referrals).values(**vars(referral)))

    async def of(self, session_id: str) -> list[Referral]:
        """The referrals of a session, in order."""
        columns = [column for column in referrals.c if column.name != "id"]
        query = (
            select(*columns).where(referrals.c.session_id == session_id).order_by(referrals.c.id)
        )
        return [Referral(**dict(row)) for row in (await self._connection.execute(query)).mappings()]
