from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SHANGHAI
from bot.rules.calendar import WorkCalendar

# National Day 2026: off from Thursday 1 to Wednesday 7 October, worked on Saturday 10.
OCTOBER = WorkCalendar(
    holidays=frozenset(date(2026, 10, day) for day in range(1, 8)),
    workdays=frozenset({date(2026, 10, 10)}),
)
CLOSES = time(18, 0)


def at(day: int, hour: int = 9, minute: int = 0, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),  # a made-up Saturday
        (date(2026, 10, 11), False),
    ],
)
def test_holidays_are_off_and_made_up_days_are_worked(day: date, worked: bool) -> None:
    assert OCTOBER.is_working(day) is worked


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (at(30, month=9), 1, at(8, 18)),  # the first day does not count, the holiday neither
        (at(30, month=9), 3, at(10, 18)),
        (at(30, month=9), 4, at(12, 18)),
        (at(3), 1, at(8, 18)),  # accepted on a holiday
        (at(9, 23, 59), 1, at(10, 18)),
    ],
)
def test_a_period_ends_with_the_last_working_day(start: datetime, days: int, due: datetime) -> None:
    assert OCTOBER.due(start, days, CLOSES) == due


def test_only_working_days_are_counted_between() -> None:
    assert OCTOBER.worked_between(at(30, 12, month=9), at(8, 12)) == timedelta(hours=24)
    assert OCTOBER.worked_between(at(2), at(5)) == timedelta()


first = datetime(2026, 9, 1, tzinfo=SHANGHAI)
moments = st.timedeltas(timedelta(), timedelta(days=90)).map(lambda passed: first + passed)


@given(moments, st.timedeltas(timedelta(minutes=1), timedelta(days=20)))
def test_counting_forth_and_back_agree(start: datetime, amount: timedelta) -> None:
    end = OCTOBER.after_worked(start, amount)
    assert OCTOBER.worked_between(start, end) == amount


@given(moments, st.integers(1, 30))
def test_a_deadline_is_a_working_day_later_than_its_start(start: datetime, days: int) -> None:
    due = OCTOBER.due(start, days, CLOSES)
    assert OCTOBER.is_working(due.date())
    assert due.date() > start.date()
    assert OCTOBER.due(start, days + 1, CLOSES) > due


@given(moments, st.timedeltas(timedelta(minutes=1), timedelta(days=40)), st.floats(0.01, 1))
def test_a_share_of_a_period_is_where_counting_forth_gets_to(
    start: datetime, length: timedelta, share: float
) -> None:
    end = start + length
    worked = OCTOBER.worked_between(start, end)
    (at,) = OCTOBER.shares_worked(start, end, (share,))
    expected = OCTOBER.after_worked(start, worked * share) if worked else end
    assert OCTOBER.worked_between(start, at) == worked * share
    assert at == expected or not worked * share
