from datetime import date, datetime
from pathlib import Path

from bot.clock import SHANGHAI
from knowledge_base.holidays import load_calendar, unknown_years


def test_the_state_councils_days_are_known() -> None:
    calendar = load_calendar()
    assert not calendar.is_working(date(2026, 10, 1))
    assert calendar.is_working(date(2026, 10, 10))  # a Saturday, made up for
    assert not calendar.is_working(date(2026, 11, 21))
    assert calendar.is_working(date(2026, 11, 23))


def test_the_citys_own_file_goes_before_the_library(tmp_path: Path) -> None:
    file = tmp_path / "holidays.yml"
    file.write_text("holidays: [2030-02-05]\nworkdays: [2026-10-01, 2030-02-09]\n")
    calendar = load_calendar(file)
    assert not calendar.is_working(date(2030, 2, 5))
    assert calendar.is_working(date(2030, 2, 9))
    assert calendar.is_working(date(2026, 10, 1))
    assert not calendar.is_working(date(2026, 10, 2))


def test_a_year_nobody_told_of_is_named_two_months_ahead(tmp_path: Path) -> None:
    file = tmp_path / "holidays.yml"
    file.write_text("holidays: []\nworkdays: []\n")
    assert unknown_years(datetime(2026, 6, 1, tzinfo=SHANGHAI), file) == []
    assert unknown_years(datetime(2039, 12, 1, tzinfo=SHANGHAI), file) == [2039, 2040]
