"""What WeChat pushed and we acknowledged: from this row on it is answered, once.

``key`` is the platform's own number of a push and is taken once, so that retries fall together
across gateways and restarts; ``proof`` is the digest of the request's signature and is taken
once too, so that a signature can't be used again for something else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, String, Table, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import Document, Moment, Serial, metadata

WAITING = "state = 'waiting'"

inbox = Table(
    "wechat_inbox",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("proof", String(64), nullable=False, unique=True),
    Column("person", String(20), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("facts", Document, nullable=False),
    Column("session_id", String(128)),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("received_at", Moment, nullable=False),
    Index(
        "ix_wechat_inbox_waiting",
        "person",
        "id",
        sqlite_where=text(WAITING),
        postgresql_where=text(WAITING),
    ),
)


@dataclass(frozen=True)
class Push:
    """One acknowledged push. ``session_id`` is set when it is first taken up."""

    id: int
    key: str
    proof: str
    person: str
    kind: str
    facts: Mapping[str, Any]
    session_id: str | None
    state: str
    attempts: int
    received_at: datetime


@dataclass(frozen=True)
class NewPush:
    """What is put in."""

    key: str
    proof: str
    person: str
    kind: str
    facts: dict[str, Any]
    received_at: datetime


class Inbox:
    """The inbox of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, pushes: Sequence[NewPush]) -> set[str]:
        """Put pushes in; the keys of those that were new, by key and by proof."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(inbox).on_conflict_do_nothing().returning(inbox.c.key)
        rows = [vars(push) | {"state": "waiting", "attempts": 0} for push in pushes]
        return set((await self._connection.execute(statement, rows)).scalars())

    async def has(self, key: str) -> bool:
        """Whether a push with this key is there."""
        query = select(inbox.c.id).where(inbox.c.key == key)
        return (await self._connection.execute(query)).first() is not None

    async def waiting(self, person: str, limit: int = 50) -> Sequence[Push]:
        """What a person said and nobody has taken up yet, in order."""
        query = (
            select(inbox)
            .where(inbox.c.person == person, text(WAITING))
            .order_by(inbox.c.id)
            .limit(limit)
        )
        return [Push(**dict(row)) for row in (await self._connection.execute(query)).mappings()]

    async def change(self, push_id: int, **values: Any) -> None:
        """Set fields of a push that waits."""
        await self._connection.execute(
            update(inbox).where(inbox.c.id == push_id, text(WAITING)).values(**values)
        )

    async def counted(self) -> dict[str, int]:
        """How many pushes are in each state."""
        query = select(inbox.c.state, func.count()).group_by(inbox.c.state)
        rows = await self._connection.execute(query)
        return {state: int(count) for state, count in rows}
