"""回执 records: what dispatch systems told us, by their own ids, so that each acts once."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, String, Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import Document, Moment, metadata

notices = Table(
    "notices",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("ticket_no", String(24), nullable=False),
    Column("event", String(32), nullable=False),
    Column("result", Document, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "ticket_no"),
)


class Notices:
    """The notices of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def result(self, notice_id: str) -> dict[str, Any] | None:
        """What became of a notice that came before; None when it is new."""
        query = select(notices.c.result).where(notices.c.id == notice_id)
        return (await self._connection.execute(query)).scalar_one_or_none()

    async def add(
        self, notice_id: str, ticket_no: str, event: str, result: dict[str, Any], at: datetime
    ) -> bool:
        """Note one with its result; False when somebody noted the same id first."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        added = await self._connection.execute(
            dialect.insert(notices)
            .values(id=notice_id, ticket_no=ticket_no, event=event, result=result, at=at)
            .on_conflict_do_nothing()
        )
        return added.rowcount == 1
