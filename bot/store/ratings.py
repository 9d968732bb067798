"""评价 records: of the service (how we spoke) and of the result (what was done), kept apart."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import Column, Index, Integer, String, Table, Text, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import Moment, Serial, metadata

ratings = Table(
    "ratings",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("of", String(16), nullable=False),
    Column("grade", Integer, nullable=False),
    Column("method", String(16), nullable=False),
    Column("session_id", String(128)),
    Column("ticket_no", String(24)),
    Column("comment", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "ticket_no"),
    Index(None, "session_id"),
    Index(None, "at"),
)


class Rated(str, Enum):
    """What a rating is of."""

    SERVICE = "service"
    RESULT = "result"


@dataclass(frozen=True)
class Rating:
    """评价. ``grade`` 5 (very satisfied) to 1 (very dissatisfied): the five of 好差评.

    ``method``: phone, wechat, web or agent. Of a session, of a ticket, or of both.
    """

    of: Rated
    grade: int
    method: str
    at: datetime
    session_id: str | None = None
    ticket_no: str | None = None
    comment: str = ""

    @property
    def bad(self) -> bool:
        """Dissatisfied or very dissatisfied."""
        return self.grade <= 2


class Ratings:
    """The ratings of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, rating: Rating) -> None:
        """Note one."""
        await self._connection.execute(
            insert(ratings).values(**(vars(rating) | {"of": rating.of.value}))
        )

    async def of_ticket(self, ticket_no: str) -> list[Rating]:
        """The ratings of a ticket, in order."""
        columns = [column for column in ratings.c if column.name != "id"]
        query = select(*columns).where(ratings.c.ticket_no == ticket_no).order_by(ratings.c.id)
        rows = (await self._connection.execute(query)).mappings()
        return [Rating(**(dict(row) | {"of": Rated(row["of"])})) for row in rows]
