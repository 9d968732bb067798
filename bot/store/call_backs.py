"""回访 records: whom we still have to ask, how, and how often we tried."""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    exists,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.errors import NotFound
from bot.store.columns import Moment, Serial, metadata
from bot.store.ticket_table import identities

WAITING = "status = 'waiting'"

call_backs = Table(
    "call_backs",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("ticket_no", ForeignKey("tickets.ticket_no"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("method", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("done_at", Moment),
    Column("by", String(64)),
    Column("finding", Text, nullable=False),
    Index("ix_call_backs_ticket", "ticket_no"),
    Index(
        "ix_call_backs_waiting",
        "next_at",
        sqlite_where=text(WAITING),
        postgresql_where=text(WAITING),
    ),
)


class CallBackKind(str, Enum):
    """The two call-backs: is the caller satisfied, and was it really done."""

    PHONE = "phone"
    ONSITE = "onsite"


@dataclass(frozen=True)
class CallBack:
    """回访. ``method``: phone, wechat, web or agent; ``status``: waiting, done, unreached,
    declined or cancelled; ``finding``: what was seen on site, or said."""

    id: int
    ticket_no: str
    kind: CallBackKind
    method: str
    status: str
    attempts: int
    next_at: datetime
    created_at: datetime
    done_at: datetime | None = None
    by: str | None = None
    finding: str = ""


class CallBacks:
    """The call-backs of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, ticket_no: str, kind: CallBackKind, method: str, at: datetime) -> None:
        """Note that somebody has to be asked."""
        await self._connection.execute(
            insert(call_backs).values(
                ticket_no=ticket_no,
                kind=kind.value,
                method=method,
                status="waiting",
                attempts=0,
                next_at=at,
                created_at=at,
                finding="",
            )
        )

    async def get(self, call_back_id: int) -> CallBack:
        """The call-back; NotFound when there is none."""
        found = await self._listed(call_backs.c.id == call_back_id, limit=1)
        if not found:
            raise NotFound(f"no call-back {call_back_id}")
        return found[0]

    async def of(self, ticket_no: str) -> list[CallBack]:
        """The call-backs of a ticket, in order."""
        return await self._listed(call_backs.c.ticket_no == ticket_no, limit=1000)

    async def due(
        self, at: datetime, *, kind: CallBackKind | None = None, limit: int = 100
    ) -> list[CallBack]:
        """Whom to ask now, longest waiting first."""
        conditions = [text(WAITING), call_backs.c.next_at <= at]
        if kind is not None:
            conditions.append(call_backs.c.kind == kind.value)
        return await self._listed(*conditions, limit=limit, order=call_backs.c.next_at)

    async def lease(
        self, at: datetime, until: datetime, by_phone_before: datetime, limit: int
    ) -> list[CallBack]:
        """Take those who are to be called now, for nobody else until then: whose number is known
        and may be called, by phone from the beginning or not rated on a page for so long."""
        others = identities.alias()
        refused = exists().where(others.c.phone == identities.c.phone, others.c.no_calls)
        reachable = exists().where(
            identities.c.ticket_no == call_backs.c.ticket_no, identities.c.phone != "", ~refused
        )
        due = (
            select(call_backs.c.id)
            .where(
                text("call_backs.status = 'waiting'"),
                call_backs.c.kind == CallBackKind.PHONE.value,
                call_backs.c.next_at <= at,
                (call_backs.c.method == "phone") | (call_backs.c.created_at <= by_phone_before),
                reachable,
            )
            .order_by(call_backs.c.next_at)
            .limit(limit)
            .with_for_update(skip_locked=True, of=call_backs)
        )
        taken = list((await self._connection.execute(due)).scalars())
        await self._connection.execute(
            update(call_backs).where(call_backs.c.id.in_(taken)).values(next_at=until)
        )
        return await self._listed(call_backs.c.id.in_(taken), limit=limit)

    async def change(self, call_back_id: int, **values: object) -> None:
        """Change a waiting one."""
        await self._connection.execute(
            update(call_backs)
            .where(call_backs.c.id == call_back_id, text(WAITING))
            .values(**values)
        )

    async def end(self, ticket_no: str, kind: CallBackKind, status: str, at: datetime) -> None:
        """End the waiting ones of a ticket."""
        await self._connection.execute(
            update(call_backs)
            .where(
                call_backs.c.ticket_no == ticket_no,
                call_backs.c.kind == kind.value,
                text(WAITING),
            )
            .values(status=status, done_at=at)
        )

    async def _listed(
        self, *conditions: Any, limit: int, order: Any = call_backs.c.id
    ) -> list[CallBack]:
        query = select(call_backs).where(*conditions).order_by(order).limit(limit)
        rows = (await self._connection.execute(query)).mappings()
        names = [f.name for f in fields(CallBack)]
        return [
            CallBack(**({n: row[n] for n in names} | {"kind": CallBackKind(row["kind"])}))
            for row in rows
        ]
