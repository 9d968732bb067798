"""工作日: which days are worked, given the State Council's holidays and make-up workdays.

Pure: the sets of days are passed in (``knowledge_base/holidays.py`` loads them).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkCalendar:
    """Monday to Friday, less ``holidays``, plus ``workdays`` (调休: worked weekends)."""

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether the day is worked."""
        if day in self.workdays:
            return True
        return day.weekday() < 5 and day not in self.holidays

    def days_after(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``, which itself does not count
        (民法典 第二百零一条: the first day is not counted)."""
        while count > 0:
            day += DAY
            if self.is_working(day):
                count -= 1
        return day

    def due(self, start: datetime, days: int, closes: time) -> datetime:
        """The end (``closes``) of the last of ``days`` working days after ``start``
        (民法典 第二百零三条: where there are business hours, the period ends with them)."""
        last = self.days_after(start.date(), days)
        return datetime.combine(last, closes, tzinfo=start.tzinfo)

    def worked_between(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time from ``start`` to ``end`` falls on working days."""
        return sum((stop - at for at, stop in self._worked(start, end)), timedelta())

    def shares_worked(
        self, start: datetime, end: datetime, shares: Sequence[float]
    ) -> list[datetime]:
        """The moments at which these shares (0 to 1) of the working time from ``start`` to
        ``end`` have passed; ``end`` where there is none."""
        spans = self._worked(start, end)
        total = sum((stop - at for at, stop in spans), timedelta())
        return [_after(spans, total * share, end) for share in shares]

    def _worked(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """The working time from ``start`` to ``end``: a span for each day."""
        spans = []
        at, day = start, start.date()
        while at < end:
            following = day + DAY
            stop = min(datetime.combine(following, time(), tzinfo=at.tzinfo), end)
            if self.is_working(day):
                spans.append((at, stop))
            at, day = stop, following
        return spans

    def after_worked(self, start: datetime, amount: timedelta) -> datetime:
        """The moment at which ``amount`` of working-day time has passed since ``start``."""
        at = start
        while True:
            midnight = datetime.combine(at.date() + DAY, time(), tzinfo=at.tzinfo)
            if self.is_working(at.date()):
                if at + amount <= midnight:
                    return at + amount
                amount -= midnight - at
            at = midnight


def _after(
    spans: Sequence[tuple[datetime, datetime]], amount: timedelta, end: datetime
) -> datetime:
    for at, stop in spans:
        if amount <= stop - at:
            return at + amount
        amount -= stop - at
    return end
