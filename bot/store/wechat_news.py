"""What a person in WeChat has to hear of a ticket, and which subscription messages they allowed.

News wait until they went out: within the window of customer-service messages, as a subscription
message, or when the person comes back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Index, Integer, String, Table, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.ticket import FINISHED
from bot.store.call_backs import call_backs
from bot.store.columns import Moment, metadata
from bot.store.ticket_table import tickets

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
    """One piece of news about a ticket. ``key`` begins with its kind; ``person`` is empty while
    it has not happened; ``state``: waiting, sent, subscribed or dropped."""

    key: str
    person: str
    ticket_no: str
    state: str
    at: datetime

    @property
    def kind(self) -> str:
        """What happened."""
        return self.key.partition("/")[0]


class News:
    """The news of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def unheard(
        self, kind: str, at: datetime, *, created_by: datetime | None = None, limit: int = 100
    ) -> Sequence[tuple[str, str]]:
        """Call-backs by WeChat that nobody has made news of this kind of: key and ticket."""
        key = f"{kind}/" + call_backs.c.id.cast(String)
        query = (
            select(key, call_backs.c.ticket_no)
            .outerjoin(news, news.c.key == key)
            .where(
                call_backs.c.method == "wechat",
                text("call_backs.status = 'waiting'"),
                call_backs.c.next_at <= at,
                call_backs.c.created_at <= (created_by or at),
                news.c.key.is_(None),
            )
            .limit(limit)
        )
        return [(row[0], row[1]) for row in await self._connection.execute(query)]

    async def fulfilled(self, limit: int = 100) -> Sequence[Item]:
        """Wishes to hear of a ticket's transfer, of tickets that are transferred or done with."""
        happened = or_(
            tickets.c.transferred_at.is_not(None),
            tickets.c.status.in_(one.value for one in FINISHED),
        )
        query = (
            select(news)
            .join(tickets, tickets.c.ticket_no == news.c.ticket_no)
            .where(news.c.person == "", text("wechat_news.state = 'waiting'"), happened)
            .limit(limit)
        )
        return [Item(**dict(row)) for row in (await self._connection.execute(query)).mappings()]

    async def grant(self, key: str, person: str) -> None:
        """It has happened: news for this person."""
        await self._connection.execute(
            update(news).where(news.c.key == key, text(WAITING)).values(person=person)
        )

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
