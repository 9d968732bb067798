"""The customer-service conversation with each person: how far it has been said, and what may
still be sent.

A line is worked on by who claims it, for the time of a lease; each claim has a number, and only
the newest may write. ``seq`` is the last turn of the session that has reached the person.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Table,
    bindparam,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.errors import NotFound
from bot.rules.wechat import Action, Window
from bot.store.columns import Moment, metadata
from bot.store.sessions import sessions

DUE = "due_at IS NOT NULL"

lines = Table(
    "wechat_lines",
    metadata,
    Column("person", String(20), primary_key=True),
    Column("session_id", String(128)),
    Column("seq", Integer, nullable=False),
    Column("heard_at", Moment, nullable=False),
    Column("left", Integer, nullable=False),
    Column("until", Moment),
    Column("kept", Integer, nullable=False),
    Column("due_at", Moment),
    Column("claim", Integer, nullable=False),
    Column("claimed_until", Moment),
    Column("failures", Integer, nullable=False),
    Column("refused", Boolean, nullable=False),
    Index("ix_wechat_lines_due", "due_at", sqlite_where=text(DUE), postgresql_where=text(DUE)),
    Index(None, "until"),
)


@dataclass(frozen=True)
class Line:
    """One line. ``kept``: messages of the window that are not for talk. ``failures``: sendings
    in a row that failed. ``refused``: the person can't be written to at all."""

    person: str
    session_id: str | None
    seq: int
    heard_at: datetime
    left: int
    until: datetime | None
    kept: int
    due_at: datetime | None
    claim: int
    claimed_until: datetime | None
    failures: int
    refused: bool

    @property
    def window(self) -> Window:
        """What may still be sent."""
        return Window(self.left, self.until)


class Lines:
    """The lines of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, person: str, *, lock: bool = False) -> Line:
        """The line; NotFound when the person never wrote."""
        query = select(lines).where(lines.c.person == person)
        if lock:
            query = query.with_for_update()
        row = (await self._connection.execute(query)).mappings().first()
        if row is None:
            raise NotFound("no such line")
        return Line(**dict(row))

    async def touched(self, actions: Sequence[tuple[str, Action | None]], at: datetime) -> None:
        """Callers did something: their windows are lifted, and there is work to do."""
        persons = sorted({person for person, _ in actions})
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        fresh = Line(
            "",
            None,
            0,
            at,
            0,
            None,
            0,
            due_at=at,
            claim=0,
            claimed_until=None,
            failures=0,
            refused=False,
        )
        rows = [vars(fresh) | {"person": person} for person in persons]
        await self._connection.execute(dialect.insert(lines).on_conflict_do_nothing(), rows)
        query = select(lines).where(lines.c.person.in_(persons)).order_by(lines.c.person)
        found = (await self._connection.execute(query.with_for_update())).mappings()
        held = {row["person"]: Line(**dict(row)) for row in found}
        for person, action in actions:
            line = replace(held[person], due_at=at)
            if action is not None:
                window = line.window.lifted(action, at)
                line = replace(
                    line, left=window.left, until=window.until, failures=0, refused=False
                )
            held[person] = line
        changed = ("due_at", "left", "until", "failures", "refused")
        await self._connection.execute(
            update(lines)
            .where(lines.c.person == bindparam("whose"))
            .values({name: bindparam(f"new_{name}") for name in changed}),
            [
                {"whose": line.person} | {f"new_{name}": getattr(line, name) for name in changed}
                for line in held.values()
            ],
        )

    async def claim(self, at: datetime, seconds: float, limit: int = 20) -> Sequence[Line]:
        """Take lines with work to do, for ``seconds``."""
        free = or_(lines.c.claimed_until.is_(None), lines.c.claimed_until <= at)
        wanted = (
            select(lines.c.person)
            .where(text(DUE), lines.c.due_at <= at, free)
            .order_by(lines.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        statement = (
            update(lines)
            .where(lines.c.person.in_(wanted), free)
            .values(claim=lines.c.claim + 1, claimed_until=at + timedelta(seconds=seconds))
            .returning(*lines.c)
        )
        rows = (await self._connection.execute(statement)).mappings()
        return [Line(**dict(row)) for row in rows]

    async def change(self, person: str, claim: int, **values: Any) -> bool:
        """Write as the holder of a claim; False when somebody else holds the line by now."""
        done = await self._connection.execute(
            update(lines).where(lines.c.person == person, lines.c.claim == claim).values(**values)
        )
        return done.rowcount == 1

    async def next_due_at(self) -> datetime | None:
        """When the next work is due; None when there is none."""
        query = select(func.min(lines.c.due_at)).where(text(DUE))
        due_at: datetime | None = (await self._connection.execute(query)).scalar_one_or_none()
        return due_at

    async def behind(self, at: datetime, limit: int = 100) -> Sequence[str]:
        """People whose session has turns that could be sent and nobody sends: an agent spoke."""
        query = (
            select(lines.c.person)
            .join(sessions, sessions.c.id == lines.c.session_id)
            .where(
                lines.c.until > at,
                lines.c.left > lines.c.kept,
                lines.c.due_at.is_(None),
                lines.c.refused.is_(False),
                sessions.c.turns > lines.c.seq,
            )
            .limit(limit)
        )
        return list((await self._connection.execute(query)).scalars())

    async def wake(self, persons: Sequence[str], at: datetime) -> None:
        """Give work to their lines."""
        await self._connection.execute(
            update(lines)
            .where(lines.c.person.in_(persons), lines.c.due_at.is_(None))
            .values(due_at=at)
        )
