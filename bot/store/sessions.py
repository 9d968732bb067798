"""会话 records: who called, and who has the caller."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Table,
    bindparam,
    false,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.errors import NotFound
from bot.rules.session import Channel, Handler
from bot.store.columns import Moment, metadata

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("caller", String(128)),
    Column("handler", String(16), nullable=False),
    Column("agent", String(64)),
    Column("failures", Integer, nullable=False, default=0),
    Column("turns", Integer, nullable=False, default=0),
    Column("begun_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("forgotten", Boolean, nullable=False, server_default=false(), default=False),
    Index(None, "begun_at"),
    Index(None, "caller"),
)

# Statements of every turn are made once: making one costs as much as executing it.
_BY_ID = select(sessions).where(sessions.c.id == bindparam("wanted"))
_LOCKED = _BY_ID.with_for_update()
_COUNTED = {
    name: update(sessions)
    .where(sessions.c.id == bindparam("wanted"))
    .values({name: sessions.c[name] + 1})
    .returning(sessions.c[name])
    for name in ("turns", "failures")
}


@dataclass(frozen=True)
class Session:
    """会话. ``failures`` counts misunderstandings in a row; ``turns`` how many were said."""

    id: str
    channel: Channel
    caller: str | None
    handler: Handler
    agent: str | None
    failures: int
    turns: int
    begun_at: datetime
    ended_at: datetime | None
    forgotten: bool = False


class Sessions:
    """The sessions of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(
        self, session_id: str, channel: Channel, caller: str | None, at: datetime
    ) -> Session:
        """Begin a session, or get the one that already has this id."""
        found = await self.find(session_id)
        if found is not None:
            return found
        await self._connection.execute(
            insert(sessions).values(
                id=session_id,
                channel=channel.value,
                caller=caller,
                handler=Handler.BOT.value,
                begun_at=at,
            )
        )
        return await self.get(session_id)

    async def find(self, session_id: str, *, lock: bool = False) -> Session | None:
        """The session, or None. ``lock`` keeps others from changing it until the commit."""
        query = _LOCKED if lock else _BY_ID
        row = (await self._connection.execute(query, {"wanted": session_id})).mappings().first()
        if row is None:
            return None
        values = dict(row) | {
            "channel": Channel(row["channel"]),
            "handler": Handler(row["handler"]),
        }
        return Session(**values)

    async def get(self, session_id: str, *, lock: bool = False) -> Session:
        """The session; NotFound when there is none."""
        session = await self.find(session_id, lock=lock)
        if session is None:
            raise NotFound(f"no session {session_id}")
        return session

    async def newest(self, caller: str, channel: Channel) -> Session | None:
        """The last session that a number began on a channel."""
        query = (
            select(sessions.c.id)
            .where(sessions.c.caller == caller, sessions.c.channel == channel.value)
            .order_by(sessions.c.begun_at.desc())
            .limit(1)
        )
        found = (await self._connection.execute(query)).scalar_one_or_none()
        return None if found is None else await self.find(found)

    async def set_handler(
        self,
        session_id: str,
        handler: Handler,
        *,
        agent: str | None = None,
        at: datetime | None = None,
    ) -> None:
        """Who has the session from now on; with ENDED, ``at`` is when it ended."""
        values = {"handler": handler.value, "agent": agent}
        if handler is Handler.ENDED and at is not None:
            values["ended_at"] = at  # type: ignore[assignment]
        await self._update(session_id, **values)

    async def named(self, session_id: str, caller: str) -> None:
        """Note the number of whoever speaks, once it is known."""
        await self._update(session_id, caller=caller)

    async def failed(self, session_id: str) -> int:
        """Count one more misunderstanding in a row; how many there are now."""
        return await self._counted(session_id, "failures")

    async def understood(self, session_id: str) -> None:
        """Begin to count misunderstandings anew."""
        await self._update(session_id, failures=0)

    async def next_turn(self, session_id: str) -> int:
        """The number of the turn that comes now: 1, 2, 3 …"""
        return await self._counted(session_id, "turns")

    async def _counted(self, session_id: str, name: str) -> int:
        counted = await self._connection.execute(_COUNTED[name], {"wanted": session_id})
        value = counted.scalar_one_or_none()
        if value is None:
            raise NotFound(f"no session {session_id}")
        return int(value)

    async def _update(self, session_id: str, **values: object) -> None:
        result = await self._connection.execute(
            update(sessions).where(sessions.c.id == session_id).values(**values)
        )
        if result.rowcount == 0:
            raise NotFound(f"no session {session_id}")
