"""The calendar of working days: the holiday library, and the city's overrides beside it."""

from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from chinese_calendar import constants

from bot.rules.calendar import WorkCalendar

FILE = Path(__file__).with_name("holidays.yml")
AHEAD = timedelta(days=60)  # as far as a handling deadline reaches, holidays in it


@cache
def load_calendar(file: Path = FILE) -> WorkCalendar:
    """The State Council's holidays and make-up workdays, as far as the library knows them,
    with ``holidays.yml`` over it."""
    overrides: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    more_holidays = frozenset(_days(overrides.get("holidays")))
    more_workdays = frozenset(_days(overrides.get("workdays")))
    return WorkCalendar(
        holidays=(frozenset(constants.holidays) | more_holidays) - more_workdays,
        workdays=(frozenset(constants.workdays) | more_workdays) - more_holidays,
    )


def unknown_years(now: datetime, file: Path = FILE) -> list[int]:
    """The years of the coming two months whose holidays nobody has told yet: deadlines that
    fall into them count weekends only."""
    known = {day.year for day in load_calendar(file).holidays}
    years = {now.year, (now + AHEAD).year}
    return sorted(years - known)


def _days(values: Any) -> list[date]:
    return [v if isinstance(v, date) else date.fromisoformat(v) for v in values or []]
