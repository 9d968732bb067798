"""补充材料: pictures and remarks that a caller adds to a ticket, or to the report it comes from.

A picture sent before there is a ticket belongs to its session, and so to the tickets of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, String, Table, Text, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.errors import NotFound
from bot.store.columns import Moment, metadata
from bot.store.ticket_table import tickets

attachments = Table(
    "attachments",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("session_id", String(128), nullable=False),
    Column("ticket_no", String(24)),
    Column("kind", String(16), nullable=False),
    Column("mime", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("data", LargeBinary),
    Column("verdict", String(16), nullable=False),
    Column("trace", String(64)),
    Column("added_at", Moment, nullable=False),
    Index(None, "session_id"),
    Index(None, "ticket_no"),
    Index(None, "trace"),
)

LISTED = [column for column in attachments.c if column.name != "data"]


@dataclass(frozen=True)
class Attachment:
    """One of them, without its bytes. ``kind``: picture or remark; ``verdict`` of the platform's
    content check: none, asked, passed or risky."""

    id: str
    session_id: str
    ticket_no: str | None
    kind: str
    mime: str
    text: str
    verdict: str
    trace: str | None
    added_at: datetime


class Attachments:
    """The attachments of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, attachment: Attachment, data: bytes | None = None) -> None:
        """Keep one. Its id is taken once."""
        await self._connection.execute(insert(attachments).values(**vars(attachment), data=data))

    async def find(self, attachment_id: str) -> Attachment | None:
        """The attachment, or None."""
        found = await self._listed(attachments.c.id == attachment_id)
        return found[0] if found else None

    async def data(self, attachment_id: str) -> bytes:
        """The bytes of a picture; NotFound when there is none."""
        query = select(attachments.c.data).where(attachments.c.id == attachment_id)
        data: bytes | None = (await self._connection.execute(query)).scalar_one_or_none()
        if data is None:
            raise NotFound("no such picture")
        return data

    async def of(self, ticket_no: str, session_id: str) -> Sequence[Attachment]:
        """Those of a ticket: added to it, or to its session when no ticket was named."""
        session = (attachments.c.session_id == session_id) & attachments.c.ticket_no.is_(None)
        return await self._listed((attachments.c.ticket_no == ticket_no) | session)

    async def of_tickets(self, numbers: Sequence[str]) -> dict[str, list[Attachment]]:
        """Those of several tickets, in the order they were added."""
        if not numbers:
            return {}
        ours = (attachments.c.ticket_no == tickets.c.ticket_no) | (
            attachments.c.ticket_no.is_(None) & (attachments.c.session_id == tickets.c.session_id)
        )
        query = (
            select(tickets.c.ticket_no.label("of"), *LISTED)
            .join(attachments, ours)
            .where(tickets.c.ticket_no.in_(numbers))
            .order_by(attachments.c.added_at)
        )
        found: dict[str, list[Attachment]] = {}
        for row in (await self._connection.execute(query)).mappings():
            facts = dict(row)
            found.setdefault(facts.pop("of"), []).append(Attachment(**facts))
        return found

    async def counted(self, session_id: str) -> int:
        """How many there are of a session."""
        query = select(func.count()).where(attachments.c.session_id == session_id)
        return int((await self._connection.execute(query)).scalar_one())

    async def asked(self, attachment_id: str, trace: str) -> None:
        """The platform looks at it, and will answer with this trace."""
        await self._connection.execute(
            update(attachments)
            .where(attachments.c.id == attachment_id)
            .values(verdict="asked", trace=trace)
        )

    async def judged(self, trace: str, verdict: str) -> None:
        """The platform's verdict on what has this trace."""
        await self._connection.execute(
            update(attachments).where(attachments.c.trace == trace).values(verdict=verdict)
        )

    async def _listed(self, condition: Any) -> list[Attachment]:
        query = select(*LISTED).where(condition).order_by(attachments.c.added_at).limit(200)
        rows = (await self._connection.execute(query)).mappings()
        return [Attachment(**dict(row)) for row in rows]
