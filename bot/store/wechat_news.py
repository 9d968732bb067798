"""What a person in WeChat has to hear of a ticket, and which subscription messages they allowed.

News wait until they went out: within the window of customer-service messages, as a subscription
message, or when the person comes back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Index, Integer, String, Table, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.call_backs import call_backs
from bot.store.columns import Moment, metadata

WAITING = "state = 'waiting'"

news = Table(
    "wechat_news",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("person", String(20), nullable=False),
    Column("ticket_no", String(24), nullable=False),
    Column("state", String(16), nullable=False),
    Column("at", Moment, nullable=False),
    Index(
        "ix_wechat_news_waiting",
        "person",
        sqlite_where=text(WAITING),
        postgresql_where=text(WAITING),
    ),
)

consents = Table(
    "wechat_consents",
    metadata,
    Column("person", String(20), primary_key=True),
    Column("template", String(64), primary_key=True),
    Column("left", Integer, nullable=False),
)


@dataclass(frozen=True)
class Item:
    """One piece of news: the result of a ticket. ``state``: waiting, sent or subscribed."""

    key: str
    person: str
    ticket_no: str
    state: str
    at: datetime


class News:
    """The news of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def unheard(self, at: datetime, limit: int = 100) -> Sequence[tuple[str, str]]:
        """Results that nobody has made news of: key and ticket, from the call-backs by WeChat."""
        key = "call_back/" + call_backs.c.id.cast(String)
        query = (
            select(key, call_backs.c.ticket_no)
            .outerjoin(news, news.c.key == key)
            .where(
                call_backs.c.method == "wechat",
                text("call_backs.status = 'waiting'"),
                call_backs.c.next_at <= at,
                news.c.key.is_(None),
            )
            .limit(limit)
        )
        return [(row[0], row[1]) for row in await self._connection.execute(query)]

    async def add(self, item: Item) -> bool:
        """Note it; False when it is noted already."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        added = await self._connection.execute(
            dialect.insert(news).values(**vars(item)).on_conflict_do_nothing()
        )
        return added.rowcount == 1

    async def waiting(self, person: str) -> Sequence[Item]:
        """What a person has not heard yet, oldest first."""
        query = select(news).where(news.c.person == person, text(WAITING)).order_by(news.c.at)
        return [Item(**dict(row)) for row in (await self._connection.execute(query)).mappings()]

    async def went(self, key: str, state: str) -> None:
        """It went out: ``sent`` or ``subscribed``."""
        await self._connection.execute(
            update(news).where(news.c.key == key, text(WAITING)).values(state=state)
        )

    async def allowed(self, person: str, template: str) -> int:
        """How many messages of a template a person still allows."""
        query = select(consents.c.left).where(
            consents.c.person == person, consents.c.template == template
        )
        return int((await self._connection.execute(query)).scalar_one_or_none() or 0)

    async def allow(self, person: str, template: str, left: int) -> None:
        """Set how many a person allows."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        await self._connection.execute(
            dialect.insert(consents)
            .values(person=person, template=template, left=left)
            .on_conflict_do_update(
                index_elements=[consents.c.person, consents.c.template], set_={"left": left}
            )
        )
