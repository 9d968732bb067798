"""Counting tickets: by unit and month, by topic and place. Reads only; sums are the database's."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, case, cast, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.history import history
from bot.store.ratings import Rated, ratings
from bot.store.ticket_table import tickets

DAY = timedelta(days=1)
SATISFIED_FROM = 4  # satisfied and very satisfied, of all who rated


@dataclass(frozen=True)
class UnitMonth:
    """A handling unit's month. Counts of tickets accepted in it; ratings given in it."""

    unit: str
    received: int = 0
    transferred_in_time: int = 0
    median_transfer_seconds: float | None = None
    signed: int = 0
    closed: int = 0
    closed_in_time: int = 0
    returned: int = 0
    reworked: int = 0
    rated: int = 0
    satisfied: int = 0


@dataclass(frozen=True)
class Topic:
    """A matter at a place, and how often it came."""

    category: str
    district: str
    count: int
    street: str = ""
    address: str = ""


@dataclass(frozen=True)
class Burst:
    """A matter in a district that comes now, and how often it usually comes in such a time."""

    category: str
    district: str
    count: int
    usual: float


@dataclass(frozen=True)
class Misrouting:
    """A row of the catalogue that was corrected: from which unit, to which, how often."""

    rule: str
    wrong: str
    right: str
    count: int


class Reports:
    """The counts, as seen from one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def units(
        self, start: datetime, end: datetime, *, medians: bool = True
    ) -> list[UnitMonth]:
        """Every unit with tickets accepted from ``start`` to before ``end``, most first.

        One pass over the tickets. With ``medians`` the sums are by unit and by seconds to the
        transfer, from which the median comes, as SQLite has none.
        """
        c = tickets.c
        closed = c.replied_at.is_not(None)
        facts = {
            "transferred_in_time": c.transferred_at <= c.transfer_due_at,
            "signed": c.signed_at.is_not(None),
            "closed": closed,
            "closed_in_time": closed & (c.replied_at <= c.due_at),
            "returned": c.returns > 0,
            "reworked": c.rework_count > 0,
        }
        seconds = [self._seconds(c.accepted_at, c.transferred_at).label("seconds")] * medians
        ones = (case((fact, 1), else_=0).label(name) for name, fact in facts.items())
        # Materialized, SQLite sorts a few small numbers a row, not the columns behind them.
        # PostgreSQL counts without sorting, with all its cores, only what is not.
        rows = (
            select(c.lead_unit, *seconds, *ones)
            .where(*_within(c.accepted_at, start, end))
            .cte("rows")
            .prefix_with("MATERIALIZED", dialect="sqlite")
        )
        keys = [rows.c[name] for name in ("lead_unit", "seconds") if name in rows.c]
        sums = ["received", *facts]
        counts = (cast(func.sum(rows.c[name]), Integer).label(name) for name in facts)
        query = select(*keys, func.count().label("received"), *counts).group_by(*keys)
        query = query.order_by(*keys)
        found: dict[str, UnitMonth] = {}
        histograms: dict[str, list[tuple[int, int]]] = {}
        for row in (await self._connection.execute(query)).mappings():
            unit = row["lead_unit"]
            month = found.get(unit, UnitMonth(unit))
            found[unit] = replace(month, **{n: getattr(month, n) + row[n] for n in sums})
            if row.get("seconds") is not None:
                histograms.setdefault(unit, []).append((row["seconds"], row["received"]))
        for unit, histogram in histograms.items():
            found[unit] = replace(found[unit], median_transfer_seconds=median(histogram))
        for unit, rated, satisfied in await self._rated(start, end):
            month = found.get(unit, UnitMonth(unit))
            found[unit] = replace(month, rated=rated, satisfied=satisfied)
        return sorted(found.values(), key=lambda month: (-month.received, month.unit))

    async def _rated(self, start: datetime, end: datetime) -> list[tuple[str, int, int]]:
        query = (
            select(
                tickets.c.lead_unit,
                func.count(),
                _sum(ratings.c.grade >= SATISFIED_FROM),
            )
            .join(tickets, tickets.c.ticket_no == ratings.c.ticket_no)
            .where(ratings.c.of == Rated.RESULT.value, *_within(ratings.c.at, start, end))
            .group_by(tickets.c.lead_unit)
        )
        return [(row[0], row[1], row[2]) for row in (await self._connection.execute(query)).all()]

    async def topics(self, start: datetime, end: datetime) -> list[Topic]:
        """What came, most first: category by district and street, all of them.

        On SQLite counted place by place on the index, whose order it is: reading every ticket
        takes longer there. PostgreSQL reads them with all its cores.
        """
        keys = ("category", "district", "street")
        if self._connection.dialect.name == "postgresql":
            return await self._grouped(keys, start, end, 1, None)
        places = select(*(tickets.c[key] for key in keys)).distinct().subquery("places")
        one = tickets.alias("one")
        count = (
            select(func.count())
            .where(*(one.c[key] == places.c[key] for key in keys))
            .where(*_within(one.c.accepted_at, start, end))
            .scalar_subquery()
            .label("count")
        )
        rows = (await self._connection.execute(select(places, count))).mappings()
        found = [Topic(**dict(row)) for row in rows if row["count"]]
        return sorted(found, key=lambda t: (-t.count, t.category, t.district, t.street))

    async def days(self, start: datetime, end: datetime) -> dict[str, int]:
        """Tickets accepted on each day from ``start``, a midnight, to ``end``: 2026-11-23 and how
        many, in order. Days without any are left out."""
        found = {}
        while start < end:
            day = _within(tickets.c.accepted_at, start, min(start + DAY, end))
            query = select(func.count()).select_from(tickets).where(*day)
            found[f"{start:%Y-%m-%d}"] = (await self._connection.execute(query)).scalar_one()
            start += DAY
        return {day: count for day, count in found.items() if count}

    async def bursts(
        self, at: datetime, span: timedelta, before: timedelta, least: int
    ) -> list[Burst]:
        """What came at least so often in the ``span`` up to ``at``, beside the mean of such spans
        in the time ``before`` it; the greatest rise first."""
        start = at - span
        now = await self._grouped(("category", "district"), start, at, least, None)
        if not now:
            return []
        earlier = await self._grouped(("category", "district"), start - before, start, 1, None)
        usual = {(t.category, t.district): t.count * (span / before) for t in earlier}
        found = [
            Burst(one.category, one.district, one.count, usual.get((one.category, one.district), 0))
            for one in now
        ]
        return sorted(found, key=lambda burst: burst.usual - burst.count)

    async def places(
        self, start: datetime, end: datetime, *, least: int = 3, limit: int = 50
    ) -> list[Topic]:
        """The same matter at the same address, again and again."""
        keys = ("category", "district", "street", "address")
        return await self._grouped(keys, start, end, least, limit)

    async def misrouted(self, start: datetime, end: datetime) -> list[Misrouting]:
        """What re-transfers teach: where the catalogue's unit was not the one in the end."""
        rule = history.c.facts["rule"].as_string()
        proposed = history.c.facts["proposed"].as_string()
        count = func.count().label("count")
        query = (
            select(rule.label("rule"), proposed.label("wrong"), tickets.c.lead_unit, count)
            .join(tickets, tickets.c.ticket_no == history.c.ticket_no)
            .where(
                *_within(tickets.c.accepted_at, start, end),
                history.c.seq == 1,
                tickets.c.transferred_at.is_not(None),
                proposed != "",
                proposed != tickets.c.lead_unit,
            )
            .group_by(rule, proposed, tickets.c.lead_unit)
            .order_by(count.desc())
        )
        rows = (await self._connection.execute(query)).all()
        return [Misrouting(*row) for row in rows]

    async def _grouped(
        self, names: tuple[str, ...], start: datetime, end: datetime, least: int, limit: int | None
    ) -> list[Topic]:
        columns = [tickets.c[name] for name in names]
        count = func.count().label("count")
        query = (
            select(*columns, count)
            .where(*_within(tickets.c.accepted_at, start, end))
            .group_by(*reversed(columns))  # what differs most first: sorting compares less
            .having(func.count() >= least)
            .order_by(count.desc(), *columns)
            .limit(limit)
        )
        if "address" in names:
            query = query.where(tickets.c.address != "")
        return [Topic(**dict(row)) for row in (await self._connection.execute(query)).mappings()]

    def _seconds(self, start: Any, end: Any) -> ColumnElement[int]:
        """Whole seconds between two columns."""
        if self._connection.dialect.name == "postgresql":
            return cast(func.extract("epoch", end - start), Integer)
        return func.unixepoch(end, type_=Integer) - func.unixepoch(start, type_=Integer)


def median(histogram: list[tuple[int, int]]) -> float:
    """The median of values given as (value, count), values rising."""
    total = sum(count for _, count in histogram)
    wanted = ((total - 1) // 2, total // 2)
    values, seen = [], 0
    for value, count in histogram:
        values += [value for position in wanted if seen <= position < seen + count]
        seen += count
    return sum(values) / 2


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(case((condition, 1), else_=0)), 0), Integer)


def _within(
    column: ColumnElement[datetime], start: datetime, end: datetime
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return column >= start, column < end
