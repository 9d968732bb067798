"""What editors asked the knowledge base to see what callers would get, and what came of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Float, String, Table, Text, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import Moment, Serial, metadata

trials = Table(
    "trials",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("who", String(64), nullable=False),
    Column("question", Text, nullable=False),
    Column("district", String(32)),
    Column("kind", String(16), nullable=False),
    Column("entry", String(80)),
    Column("confidence", Float, nullable=False),
)


@dataclass(frozen=True)
class Trial:
    """A question tried. ``kind``: answered, close or unknown; ``entry``: the one found first."""

    at: datetime
    who: str
    question: str
    district: str | None
    kind: str
    entry: str | None
    confidence: float


class Trials:
    """The trials of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, trial: Trial) -> None:
        """Note one."""
        await self._connection.execute(insert(trials).values(**vars(trial)))

    async def last(self, count: int) -> list[Trial]:
        """The newest, the last one first."""
        columns = [column for column in trials.c if column.name != "id"]
        query = select(*columns).order_by(trials.c.id.desc()).limit(count)
        return [Trial(**row) for row in (await self._connection.execute(query)).mappings()]
