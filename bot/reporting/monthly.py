"""月度通报: every unit's figures beside last month's, what came most, what rose fastest, where.

S4 (Zengcheng 2018): each month the satisfaction of every handling unit is made known. The
shares' terms: in time = transferred within the transfer clock; satisfied = satisfied and very
satisfied of all who rated the result.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.clock import SHANGHAI
from bot.rules.errors import Rejected
from bot.store import Misrouting, Store, Topic, UnitMonth
from bot.store.reports import Reports

Counted = TypeVar("Counted")

LISTED = 50
SHOWN = 10  # topics of a district
RISING_FROM = 5  # fewer than so many tell nothing


@dataclass(frozen=True)
class UnitRow:
    """A unit's month; shares from 0 to 1, None where there is nothing to divide by. Changes are
    to the month before, None where one of the two is not there."""

    month: UnitMonth
    transferred_share: float | None
    closed_share: float | None
    satisfied_share: float | None
    received_change: int | None
    transferred_change: float | None
    closed_change: float | None
    satisfied_change: float | None


@dataclass(frozen=True)
class Rise:
    """A topic beside its count a month before."""

    topic: Topic
    before: int

    @property
    def change(self) -> int:
        """How many more."""
        return self.topic.count - self.before


@dataclass(frozen=True)
class MonthlyReport:
    """The report of the month that begins at ``start``."""

    start: datetime
    units: tuple[UnitRow, ...]
    topics: tuple[Topic, ...]
    rising: tuple[Rise, ...]
    places: tuple[Topic, ...]
    districts: dict[str, int]
    of_district: dict[str, tuple[Topic, ...]]
    days: dict[str, int]
    misrouted: tuple[Misrouting, ...]


def month_of(text: str) -> datetime:
    """The first moment of a month given as ``2026-11``; Rejected when it is none."""
    try:
        return datetime.strptime(text, "%Y-%m").replace(tzinfo=SHANGHAI)
    except ValueError:
        raise Rejected("a month as 2026-11", code="malformed", field="month") from None


def following(start: datetime, months: int = 1) -> datetime:
    """The first moment of a month so many later, or earlier."""
    count = start.year * 12 + start.month - 1 + months
    return start.replace(year=count // 12, month=count % 12 + 1)


async def monthly(store: Store, start: datetime) -> MonthlyReport:
    """The report of the month that begins at ``start``. Its parts are counted side by side, each
    in a snapshot of its own."""
    end, earlier = following(start), following(start, -1)

    async def ask(count: Callable[[Reports], Awaitable[Counted]]) -> Counted:
        async with store.read() as records:
            return await count(records.reports)

    async with asyncio.TaskGroup() as group:
        units = group.create_task(ask(lambda reports: reports.units(start, end)))
        units_before = group.create_task(
            ask(lambda reports: reports.units(earlier, start, medians=False))
        )
        topics = group.create_task(ask(lambda reports: reports.topics(start, end)))
        topics_before = group.create_task(ask(lambda reports: reports.topics(earlier, start)))
        places = group.create_task(ask(lambda reports: reports.places(start, end, limit=LISTED)))
        misrouted = group.create_task(ask(lambda reports: reports.misrouted(start, end)))
        days = group.create_task(ask(lambda reports: reports.days(start, end)))
    before = {month.unit: month for month in units_before.result()}
    return MonthlyReport(
        start=start,
        units=tuple(_row(month, before.get(month.unit)) for month in units.result()),
        topics=tuple(topics.result()[:LISTED]),
        rising=_risen(topics.result(), topics_before.result()),
        places=tuple(places.result()),
        districts=_by_district(topics.result()),
        of_district=_most_of_district(topics.result()),
        days=days.result(),
        misrouted=tuple(misrouted.result()),
    )


def _risen(topics: list[Topic], before: list[Topic]) -> tuple[Rise, ...]:
    """What came more often than a month before, the greatest rise first."""
    counts = {_place(topic): topic.count for topic in before}
    rises = [Rise(topic, counts.get(_place(topic), 0)) for topic in topics]
    risen = [rise for rise in rises if rise.topic.count >= RISING_FROM and rise.change > 0]
    return tuple(sorted(risen, key=lambda rise: -rise.change)[:LISTED])


def _by_district(topics: list[Topic]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for topic in topics:
        counts[topic.district] += topic.count
    return dict(counts)


def _most_of_district(topics: list[Topic]) -> dict[str, tuple[Topic, ...]]:
    """The topics of each district, most first, as many as a chart shows."""
    found: dict[str, list[Topic]] = {}
    for topic in topics:
        several = found.setdefault(topic.district, [])
        if len(several) < SHOWN:
            several.append(topic)
    return {district: tuple(several) for district, several in found.items()}


def _place(topic: Topic) -> tuple[str, str, str]:
    return topic.category, topic.district, topic.street


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _row(month: UnitMonth, before: UnitMonth | None) -> UnitRow:
    transferred, closed, satisfied = _shares(month)
    earlier = _shares(before) if before else (None, None, None)
    return UnitRow(
        month=month,
        transferred_share=transferred,
        closed_share=closed,
        satisfied_share=satisfied,
        received_change=month.received - before.received if before else None,
        transferred_change=_change(transferred, earlier[0]),
        closed_change=_change(closed, earlier[1]),
        satisfied_change=_change(satisfied, earlier[2]),
    )


def _shares(month: UnitMonth) -> tuple[float | None, float | None, float | None]:
    """Transferred in time, closed in time, satisfied."""
    return (
        _share(month.transferred_in_time, month.received),
        _share(month.closed_in_time, month.closed),
        _share(month.satisfied, month.rated),
    )


def _change(share: float | None, earlier: float | None) -> float | None:
    return None if share is None or earlier is None else share - earlier
