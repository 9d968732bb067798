"""Sessions as the floor and the inspection see them: which there were, what was missed."""

from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.floor import Contact
from bot.store.handoffs import handoffs
from bot.store.sessions import sessions
from bot.store.turns import turns

MISSES = ("clarified", "failed", "timed_out")


class Contacts:
    """The sessions of one transaction, many at once."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def since(self, moment: datetime, limit: int = 50_000) -> list[Contact]:
        """Sessions in which something was said, in the order they began."""
        handed = exists().where(handoffs.c.session_id == sessions.c.id)
        query = (
            select(sessions.c.caller, sessions.c.begun_at, handed.label("handed"))
            .where(sessions.c.begun_at >= moment, sessions.c.turns > 1)
            .order_by(sessions.c.begun_at)
            .limit(limit)
        )
        rows = (await self._connection.execute(query)).all()
        return [Contact(row.caller, row.begun_at, bool(row.handed)) for row in rows]

    async def handlers(self, moment: datetime) -> dict[str, dict[str, int]]:
        """How many sessions that began since then are with whom, by channel."""
        query = (
            select(sessions.c.channel, sessions.c.handler, func.count())
            .where(sessions.c.begun_at >= moment)
            .group_by(sessions.c.channel, sessions.c.handler)
        )
        found: dict[str, dict[str, int]] = {}
        for channel, handler, count in (await self._connection.execute(query)).all():
            found.setdefault(channel, {})[handler] = count
        return found

    async def misses(self, moment: datetime, limit: int = 100) -> list[dict[str, Any]]:
        """What callers said that was not understood or not answered, newest first."""
        query = (
            select(turns.c.session_id, turns.c.seq, turns.c.text, turns.c.status, turns.c.at)
            .where(turns.c.at >= moment, turns.c.status.in_(MISSES), turns.c.speaker == "caller")
            .order_by(turns.c.at.desc())
            .limit(limit)
        )
        return [dict(row) for row in (await self._connection.execute(query)).mappings()]

    async def talked(self, moment: datetime, limit: int = 200) -> list[str]:
        """The sessions that began since then and were said something in, newest first."""
        query = (
            select(sessions.c.id)
            .where(sessions.c.begun_at >= moment, sessions.c.turns > 1)
            .order_by(sessions.c.begun_at.desc())
            .limit(limit)
        )
        return [row[0] for row in (await self._connection.execute(query)).all()]
