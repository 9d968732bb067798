"""What callers asked in vain, brought together week by week. Examples are read from the turns, so
that what is forgotten there is forgotten here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Column, Date, ForeignKey, Integer, Table, Text, insert, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import Document, Moment, metadata
from bot.store.turns import turns

weeks = Table(
    "gap_weeks",
    metadata,
    Column("week", Date, primary_key=True),  # its Monday
    Column("made_at", Moment, nullable=False),
)
gaps = Table(
    "gaps",
    metadata,
    Column("week", ForeignKey("gap_weeks.week"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("question", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("districts", Document, nullable=False),
    Column("entries", Document, nullable=False),
    Column("examples", Document, nullable=False),
)


@dataclass(frozen=True)
class WeeklyGap:
    """A matter asked in vain: its question masked, how often, in which districts, what entries
    answered it and did not help, and example turns (session, number)."""

    question: str
    count: int
    districts: dict[str, int]
    entries: dict[str, int]
    examples: list[tuple[str, int]]


class Gaps:
    """The weekly gaps of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def weeks(self) -> list[date]:
        """The weeks that were gathered, by their Mondays, the newest first."""
        query = select(weeks.c.week).order_by(weeks.c.week.desc())
        return list((await self._connection.execute(query)).scalars())

    async def keep(self, week: date, found: Sequence[WeeklyGap], at: datetime) -> bool:
        """Keep a week's gaps; False where somebody has kept that week already."""
        dialect = {"sqlite": sqlite, "postgresql": postgresql}[self._connection.dialect.name]
        claim = dialect.insert(weeks).values(week=week, made_at=at).on_conflict_do_nothing()
        if (await self._connection.execute(claim)).rowcount == 0:
            return False
        rows = [vars(gap) | {"week": week, "place": place} for place, gap in enumerate(found)]
        if rows:
            await self._connection.execute(insert(gaps), rows)
        return True

    async def of(self, week: date) -> list[WeeklyGap]:
        """A week's gaps, the most asked first."""
        columns = [column for column in gaps.c if column.name not in ("week", "place")]
        query = select(*columns).where(gaps.c.week == week).order_by(gaps.c.place)
        rows = (await self._connection.execute(query)).mappings()
        return [WeeklyGap(**(dict(row) | {"examples": _pairs(row["examples"])})) for row in rows]

    async def texts(self, examples: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
        """What was said in those turns; nothing for one that is forgotten."""
        named = tuple_(turns.c.session_id, turns.c.seq).in_([tuple(one) for one in examples])
        query = select(turns.c.session_id, turns.c.seq, turns.c.text).where(named)
        rows = (await self._connection.execute(query)).all()
        return {(session_id, seq): text for session_id, seq, text in rows if text}


def _pairs(examples: Sequence[Sequence[object]]) -> list[tuple[str, int]]:
    return [(str(session_id), int(str(seq))) for session_id, seq in examples]
