"""Whether an entry's answer helped, as callers said: one row a conversation and entry.

Nothing of a person stands in it: the row's key is a digest, so that one who changes their mind is
counted once.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Boolean, Column, Index, String, Table, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import Moment, metadata

verdicts = Table(
    "verdicts",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("entry", String(80), nullable=False),
    Column("helpful", Boolean, nullable=False),
    Column("channel", String(16), nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "at"),
)


@dataclass(frozen=True)
class Tally:
    """How often an entry's answer was said to have helped, and how often not."""

    helpful: int = 0
    unhelpful: int = 0


class Verdicts:
    """The verdicts of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def give(
        self, session_id: str, entry: str, *, helpful: bool, channel: str, at: datetime
    ) -> None:
        """Note what a caller said of an entry's answer; what they said of it before is gone."""
        key = sha256(f"{session_id}/{entry}".encode()).hexdigest()
        await self._connection.execute(delete(verdicts).where(verdicts.c.key == key))
        await self._connection.execute(
            insert(verdicts).values(key=key, entry=entry, helpful=helpful, channel=channel, at=at)
        )

    async def tally(self, start: datetime) -> dict[str, Tally]:
        """The counts by entry since ``start``."""
        query = (
            select(verdicts.c.entry, verdicts.c.helpful, func.count())
            .where(verdicts.c.at >= start)
            .group_by(verdicts.c.entry, verdicts.c.helpful)
        )
        counts: dict[str, dict[bool, int]] = {}
        for entry, helpful, count in (await self._connection.execute(query)).all():
            counts.setdefault(entry, {})[helpful] = count
        return {
            entry: Tally(found.get(True, 0), found.get(False, 0)) for entry, found in counts.items()
        }
