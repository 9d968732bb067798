"""转人工 records: who waits for a person, and who has whom."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    cast,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.errors import NotFound
from bot.rules.handoff import Handoff, HandoffStatus, Reason, Skill
from bot.store.columns import Document, Moment, Serial, metadata

OPEN = "status IN ('waiting', 'accepted')"

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("session_id", ForeignKey("sessions.id"), nullable=False),
    Column("reason", String(24), nullable=False),
    Column("skill", String(16), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("summary", Text, nullable=False),
    Column("draft", Document, nullable=False),
    Column("agent", String(64)),
    Column("requested_at", Moment, nullable=False),
    Column("accepted_at", Moment),
    Column("closed_at", Moment),
    Column("returned", Boolean, nullable=False),
    Column("offered_to", String(64)),
    Column("guests", Document, nullable=False, server_default=text("'[]'"), default=list),
    Column("promised", Text, nullable=False, server_default="", default=""),
    # one open handoff a session, whatever races
    Index(
        "uq_handoffs_open",
        "session_id",
        unique=True,
        sqlite_where=text(OPEN),
        postgresql_where=text(OPEN),
    ),
    Index("ix_handoffs_status", "status", "skill"),
    Index("ix_handoffs_requested_at", "requested_at"),
)

# Statements of every turn are made once: making one costs as much as executing it.
_BY_ID = select(handoffs).where(handoffs.c.id == bindparam("wanted"))
_LOCKED = _BY_ID.with_for_update()
_OPEN_OF = select(handoffs).where(handoffs.c.session_id == bindparam("session_id"), text(OPEN))
_NAMES = [f.name for f in fields(Handoff) if f.name != "id"]
ORDER = (handoffs.c.returned.desc(), handoffs.c.priority, handoffs.c.requested_at, handoffs.c.id)


class Handoffs:
    """The handoffs of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, handoff: Handoff) -> Handoff:
        """Store a new one; it comes back with its id."""
        statement = insert(handoffs).values(**_row(handoff)).returning(*handoffs.c)
        return _handoff((await self._connection.execute(statement)).mappings().one())

    async def save(self, handoff: Handoff) -> None:
        """Store a changed one."""
        await self._connection.execute(
            update(handoffs).where(handoffs.c.id == handoff.id).values(**_row(handoff))
        )

    async def get(self, handoff_id: int, *, lock: bool = False) -> Handoff:
        """The handoff; NotFound when there is none."""
        query = _LOCKED if lock else _BY_ID
        row = (await self._connection.execute(query, {"wanted": handoff_id})).mappings().first()
        if row is None:
            raise NotFound(f"no handoff {handoff_id}")
        return _handoff(row)

    async def open_of(self, session_id: str) -> Handoff | None:
        """The open handoff of a session, waiting or accepted."""
        values = {"session_id": session_id}
        row = (await self._connection.execute(_OPEN_OF, values)).mappings().first()
        return None if row is None else _handoff(row)

    async def waiting(self, skill: Skill | None = None, limit: int = 200) -> list[Handoff]:
        """The queue: given-back ones first, then by priority, then longest waiting."""
        query = select(handoffs).where(handoffs.c.status == HandoffStatus.WAITING.value)
        if skill is not None:
            query = query.where(handoffs.c.skill == skill.value)
        rows = await self._connection.execute(query.order_by(*ORDER).limit(limit))
        return [_handoff(row) for row in rows.mappings()]

    async def accepted(self, agent: str | None = None) -> list[Handoff]:
        """What agents have now; of one agent when named."""
        query = select(handoffs).where(handoffs.c.status == HandoffStatus.ACCEPTED.value)
        if agent is not None:
            query = query.where(handoffs.c.agent == agent)
        rows = await self._connection.execute(query.order_by(handoffs.c.accepted_at))
        return [_handoff(row) for row in rows.mappings()]

    async def concerning(self, agent: str) -> list[Handoff]:
        """What an agent has now, speaks along with, or is offered by a colleague."""
        query = select(handoffs).where(
            handoffs.c.status == HandoffStatus.ACCEPTED.value,
            or_(
                handoffs.c.agent == agent,
                handoffs.c.offered_to == agent,
                cast(handoffs.c.guests, Text) != "[]",
            ),
        )
        rows = await self._connection.execute(query.order_by(handoffs.c.accepted_at))
        found = [_handoff(row) for row in rows.mappings()]
        return [one for one in found if one.talks(agent) or one.offered_to == agent]

    async def agents(self) -> dict[str, int]:
        """Who has callers now, and how many."""
        query = select(handoffs.c.agent, func.count()).where(
            handoffs.c.status == HandoffStatus.ACCEPTED.value, handoffs.c.agent.is_not(None)
        )
        rows = (await self._connection.execute(query.group_by(handoffs.c.agent))).all()
        return {row[0]: row[1] for row in rows}

    async def place(self, handoff: Handoff) -> int:
        """How many wait before this one in its skill's queue, itself counted: 1 is next."""
        query = select(handoffs.c.id).where(
            handoffs.c.status == HandoffStatus.WAITING.value,
            handoffs.c.skill == handoff.skill.value,
        )
        queue = (await self._connection.execute(query.order_by(*ORDER))).scalars().all()
        return queue.index(handoff.id) + 1 if handoff.id in queue else 0

    async def talks(self, skill: Skill, since: datetime) -> list[float]:
        """Seconds that the talks of a skill that ended since then took."""
        query = select(handoffs.c.accepted_at, handoffs.c.closed_at).where(
            handoffs.c.skill == skill.value,
            handoffs.c.closed_at >= since,
            handoffs.c.accepted_at.is_not(None),
        )
        rows = (await self._connection.execute(query)).all()
        return [(row.closed_at - row.accepted_at).total_seconds() for row in rows]

    async def since(self, moment: datetime, limit: int = 20_000) -> list[Handoff]:
        """All that were asked for since then, in order."""
        query = select(handoffs).where(handoffs.c.requested_at >= moment)
        rows = await self._connection.execute(query.order_by(handoffs.c.id).limit(limit))
        return [_handoff(row) for row in rows.mappings()]

    async def of(self, session_ids: list[str]) -> list[Handoff]:
        """Those of several sessions, in order."""
        query = select(handoffs).where(handoffs.c.session_id.in_(session_ids))
        rows = await self._connection.execute(query.order_by(handoffs.c.id))
        return [_handoff(row) for row in rows.mappings()]

    async def counted(self) -> dict[str, int]:
        """How many there are of each status."""
        query = select(handoffs.c.status, func.count()).group_by(handoffs.c.status)
        return {row[0]: row[1] for row in (await self._connection.execute(query)).all()}


def _row(handoff: Handoff) -> dict[str, Any]:
    row = {name: getattr(handoff, name) for name in _NAMES}
    return row | {
        "reason": handoff.reason.value,
        "skill": handoff.skill.value,
        "status": handoff.status.value,
        "guests": list(handoff.guests),
    }


def _handoff(row: Any) -> Handoff:
    values = dict(row) | {
        "reason": Reason(row["reason"]),
        "skill": Skill(row["skill"]),
        "status": HandoffStatus(row["status"]),
        "guests": tuple(row["guests"]),
    }
    return Handoff(**values)
