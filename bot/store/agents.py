"""坐席 records: who may sign in, as what, with which skills."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    String,
    Table,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.errors import NotFound
from bot.store.columns import Document, Moment, metadata

agents = Table(
    "agents",
    metadata,
    Column("login", String(64), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("skills", Document, nullable=False),
    Column("password", String(256), nullable=False),
    Column("totp", String(64)),
    Column("active", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Moment),
    Column("created_at", Moment, nullable=False),
    Column("subject", String(64)),
    Index(None, "subject", unique=True),
)


@dataclass(frozen=True)
class Agent:
    """坐席. ``role``: agent, supervisor, editor, auditor or admin; ``password`` is its argon2
    hash; ``totp`` the second factor's secret; ``failures`` wrong passwords in a row;
    ``subject`` whom an OpenID Connect issuer speaks of."""

    login: str
    name: str
    role: str
    skills: tuple[str, ...]
    password: str
    created_at: datetime
    totp: str | None = None
    active: bool = True
    failures: int = 0
    locked_until: datetime | None = None
    subject: str | None = None


class Agents:
    """The agents, as seen from one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, agent: Agent) -> None:
        """Store a new one; the login is taken once."""
        await self._connection.execute(
            insert(agents).values(**(vars(agent) | {"skills": list(agent.skills)}))
        )

    async def find(self, login: str) -> Agent | None:
        """The agent with this login, active or not; None when there is none."""
        return await self._one(agents.c.login == login)

    async def of_subject(self, subject: str) -> Agent | None:
        """The agent of whom an issuer speaks so; None when there is none."""
        return await self._one(agents.c.subject == subject)

    async def _one(self, condition: ColumnElement[bool]) -> Agent | None:
        query = select(agents).where(condition)
        row = (await self._connection.execute(query)).mappings().first()
        return None if row is None else _agent(row)

    async def all(self) -> list[Agent]:
        """Everyone, by login."""
        rows = await self._connection.execute(select(agents).order_by(agents.c.login))
        return [_agent(row) for row in rows.mappings()]

    async def change(self, login: str, **values: object) -> None:
        """Change columns of one; NotFound when there is none."""
        result = await self._connection.execute(
            update(agents).where(agents.c.login == login).values(**values)
        )
        if result.rowcount == 0:
            raise NotFound(f"no agent {login}")


def _agent(row: Any) -> Agent:
    return Agent(**(dict(row) | {"skills": tuple(row["skills"])}))
