"""质检 records: how people scored sampled conversations. One score a conversation and scorer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, String, Table, Text, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import Document, Moment, metadata

scores = Table(
    "scores",
    metadata,
    Column("session_id", ForeignKey("sessions.id"), primary_key=True),
    Column("by", String(64), primary_key=True),
    Column("agent", String(64)),
    Column("points", Document, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", Moment, nullable=False),
)


@dataclass(frozen=True)
class Score:
    """``points``: 1 to 5 by what was looked at (politeness, accuracy, ticket …)."""

    session_id: str
    by: str
    agent: str | None
    points: dict[str, Any]
    note: str
    at: datetime


class Scores:
    """The scores of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, score: Score) -> None:
        """Store one; a scorer's later score of the same conversation takes its place."""
        mine = (scores.c.session_id == score.session_id) & (scores.c.by == score.by)
        await self._connection.execute(delete(scores).where(mine))
        await self._connection.execute(insert(scores).values(**vars(score)))

    async def of(self, session_ids: list[str]) -> list[Score]:
        """Those of several conversations."""
        query = select(scores).where(scores.c.session_id.in_(session_ids))
        return [Score(**dict(row)) for row in (await self._connection.execute(query)).mappings()]
