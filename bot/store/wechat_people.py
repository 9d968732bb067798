"""Who writes to us in WeChat: our own name of each person, and the platform's.

The openid stands here and nowhere else; sessions, tickets, logs and URLs carry ``person``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, String, Table, UniqueConstraint, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.errors import NotFound
from bot.store.columns import Moment, metadata

people = Table(
    "wechat_people",
    metadata,
    Column("person", String(20), primary_key=True),
    Column("account", String(16), nullable=False),
    Column("openid", String(64), nullable=False),
    Column("phone", String(32)),
    Column("page_session", String(128)),
    Column("agreed_at", Moment),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("account", "openid", name="uq_wechat_people_account"),
    Index(None, "phone"),
)


@dataclass(frozen=True)
class Person:
    """``phone`` is verified by the platform; ``page_session`` is the mini-program's chat;
    ``agreed_at`` when the person agreed to the privacy notice."""

    person: str
    account: str
    openid: str
    phone: str | None
    page_session: str | None
    agreed_at: datetime | None
    created_at: datetime


class People:
    """The people of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def meet(self, met: Sequence[tuple[str, str, str]], at: datetime) -> None:
        """Note people the first time: their name, the account, the openid."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        rows = [
            {"person": person, "account": account, "openid": openid, "created_at": at}
            for person, account, openid in met
        ]
        await self._connection.execute(dialect.insert(people).on_conflict_do_nothing(), rows)

    async def get(self, person: str) -> Person:
        """The person; NotFound when nobody has this name."""
        query = select(people).where(people.c.person == person)
        row = (await self._connection.execute(query)).mappings().first()
        if row is None:
            raise NotFound("no such person")
        return Person(**dict(row))

    async def by_phone(self, phone: str) -> list[Person]:
        """Everybody whose verified number this is."""
        query = select(people).where(people.c.phone == phone)
        return [Person(**dict(row)) for row in (await self._connection.execute(query)).mappings()]

    async def change(self, person: str, **values: Any) -> None:
        """Set fields of a person."""
        await self._connection.execute(
            update(people).where(people.c.person == person).values(**values)
        )
