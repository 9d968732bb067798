"""The city's gazetteer (``districts.yml``, ``places.yml``), read for ``bot.rules.address``."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.rules.gazetteer import Ambiguity, Gazetteer, Place

PATH = Path(__file__).with_name("districts.yml")
MORE = Path(__file__).with_name("places.yml")


def read_districts(path: Path = PATH, more: Path = MORE) -> Gazetteer:
    """The gazetteer as the address rules take it: every name and alias, longest first."""
    table: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    places: dict[str, Place] = {}
    further = _places_by_kind(more)
    for place in (
        _other_cities(table) + further + _named_places(table["places"]) + _divisions(table)
    ):
        places[place.name] = place
    ambiguous = {a.name: a for a in map(_ambiguity, table.get("ambiguous", ()))}
    for place in further:
        if places[place.name] is place:
            places[place.name] = replace(place, street=_street_in(place, places, ambiguous))
    lengths: dict[str, set[int]] = defaultdict(set)
    for name in (*places, *ambiguous):
        lengths[name[0]].add(len(name))
    return Gazetteer(
        places={name: place for name, place in places.items() if name not in ambiguous},
        ambiguous=ambiguous,
        lengths={first: tuple(sorted(all_, reverse=True)) for first, all_ in lengths.items()},
        not_places=tuple(table.get("not_places", ())),
    )


@cache
def districts() -> Gazetteer:
    """The gazetteer of this city, read once in a process."""
    return read_districts()


def _divisions(table: dict[str, Any]) -> list[Place]:
    city = table["city"]
    found = [
        Place(name, None, kind="city") for name in (city["name"], *city["aliases"]) if len(name) > 1
    ]
    for district in table["districts"]:
        name = district["name"]
        for street in district["streets"]:
            names = (street["name"], *street.get("aliases", ()))
            found += [Place(n, name, street["name"], "street") for n in names]
        found += [Place(n, name, None, "district") for n in (name, *district.get("aliases", ()))]
    return found


def _street_in(
    place: Place, places: dict[str, Place], ambiguous: dict[str, Ambiguity]
) -> str | None:
    """The street of its district that the name begins with, if it begins with one."""
    for length in range(len(place.name) - 1, 1, -1):
        head = place.name[:length]
        told: list[Place] = [places[head]] if head in places else []
        if head in ambiguous:
            told.extend(ambiguous[head].candidates)
        for other in told:
            if other.district == place.district and other.street:
                return other.street
    return None


def _places_by_kind(path: Path) -> list[Place]:
    table = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return _named_places(
        {"name": name, "district": district, "kind": kind}
        for district, kinds in table.items()
        for kind, names in kinds.items()
        for name in names
    )


def _named_places(places: Iterable[dict[str, Any]]) -> list[Place]:
    found = []
    for place in places:
        names = [place["name"], *place.get("aliases", ())]
        if place["kind"] == "metro":
            stem = place["name"].removesuffix("站")
            names += [stem] if len(stem) > 2 else []
            names += [stem + "地铁站", stem + "地铁"]
        found += [Place(n, place["district"], place.get("street"), place["kind"]) for n in names]
    return found


def _other_cities(table: dict[str, Any]) -> list[Place]:
    far = [Place(n, None, kind="far_city", city=n) for n in table.get("far_places", ())]
    return far + [
        Place(name, None, kind="other_city", city=city["name"])
        for city in table["other_cities"]
        for name in (city["name"], *city.get("aliases", ()))
    ]


def _ambiguity(entry: dict[str, Any]) -> Ambiguity:
    candidates = tuple(
        Place(entry["name"], c.get("district"), c.get("street"), city=c.get("city"))
        for c in entry["candidates"]
    )
    return Ambiguity(entry["name"], candidates, entry["ask"], entry.get("likely"))
