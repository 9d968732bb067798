"""The report as tables of words and numbers: what every form of it shows."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import knowledge_base
from bot.reporting.monthly import MonthlyReport, UnitRow
from bot.store import Topic

Cell = str | int | float | None
SHARES = frozenset(
    {
        f"{what}_{kind}"
        for what in ("transferred", "closed", "satisfied")
        for kind in ("share", "change")
    }
)


@dataclass(frozen=True)
class Sheet:
    """A table: its name, its headings, its rows; ``shares``: which columns are shares."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    shares: frozenset[int] = frozenset()


@cache
def words() -> dict[str, Any]:
    """The report's words."""
    file = Path(knowledge_base.__file__).with_name("report.yml")
    loaded: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return loaded


def title(report: MonthlyReport) -> str:
    """The report's title."""
    text: str = words()["title"]
    return text.format(year=report.start.year, month=report.start.month)


def sheets(report: MonthlyReport) -> tuple[Sheet, ...]:
    """Every table of the report."""
    names, topic = words()["sheets"], words()["topics"]
    plain = ("category", "district", "street")
    risen = [(*_values(r.topic, plain), r.topic.count, r.before, r.change) for r in report.rising]
    counted = sorted(report.districts.items(), key=lambda pair: -pair[1])
    found = words()["misrouted"]
    return (
        _units(report),
        _sheet(names["topics"], topic, (*plain, "count"), report.topics),
        Sheet(
            names["rising"],
            tuple(topic[name] for name in (*plain, "count", "before", "change")),
            tuple(risen),
        ),
        _sheet(names["places"], topic, (*plain, "address", "count"), report.places),
        Sheet(names["districts"], (topic["district"], topic["count"]), tuple(counted)),
        _sheet(names["misrouted"], found, tuple(found), report.misrouted),
    )


def _units(report: MonthlyReport) -> Sheet:
    headings = words()["units"]
    rows = tuple(tuple(_unit_cell(row, name) for name in headings) for row in report.units)
    shares = frozenset(n for n, name in enumerate(headings) if name in SHARES)
    return Sheet(words()["sheets"]["units"], tuple(headings.values()), rows, shares)


def _unit_cell(row: UnitRow, name: str) -> Cell:
    if name in SHARES or name == "received_change":
        figure: float | None = getattr(row, name)
        return figure
    value: Cell = getattr(row.month, name)
    return value or words()["none"] if name == "unit" else value


def _sheet(
    name: str, headings: dict[str, str], columns: tuple[str, ...], rows: tuple[Any, ...]
) -> Sheet:
    return Sheet(
        name,
        tuple(headings[column] for column in columns),
        tuple(_values(row, columns) for row in rows),
    )


def _values(row: Topic | Any, columns: tuple[str, ...]) -> tuple[Cell, ...]:
    return tuple(getattr(row, column) for column in columns)
