"""Loads the routing catalogue (``routing.yml``) and the handling units (``units.yml``)."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.rules.routing import Catalogue, RoutingRule, Unit
from bot.rules.ticket import Urgency

FOLDER = Path(__file__).parent


def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.load(
        (FOLDER / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return data


@cache
def load_catalogue() -> Catalogue:
    """The catalogue in force."""
    return Catalogue(_rule(row) for row in _read("routing.yml")["rules"])


@cache
def load_units() -> dict[str, Unit]:
    """Every handling unit by name, the district templates filled in."""
    data = _read("units.yml")
    units: dict[str, Unit] = {}
    for row in data["units"]:
        places = data["districts"] if "{district}" in row["name"] else [""]
        for district in places:
            name = row["name"].replace("{district}", district)
            units[name] = Unit(name, row["level"], district, tuple(row.get("aliases", ())))
    return units


def _rule(row: dict[str, Any]) -> RoutingRule:
    lists = ("covers", "co", "topic", "when", "districts")
    values = row | {name: tuple(row.get(name, ())) for name in lists}
    return RoutingRule(**(values | {"urgency": Urgency(row.get("urgency", "normal"))}))
