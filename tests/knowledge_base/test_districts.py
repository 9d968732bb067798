"""The gazetteer's loader."""

from collections import Counter

import yaml

from bot.rules.address import locate
from knowledge_base.districts import MORE, districts


def test_the_gazetteer_is_read_once() -> None:
    assert districts() is districts()


def test_ambiguous_names_are_not_places_too() -> None:
    gazetteer = districts()
    assert not set(gazetteer.ambiguous) & set(gazetteer.places)
    assert all(a.ask for a in gazetteer.ambiguous.values())


def test_a_metro_station_is_known_without_its_last_word() -> None:
    assert districts().places["车陂南"].district == "天河区"


def test_every_further_place_is_told_once_and_found_in_its_district() -> None:
    table = yaml.safe_load(MORE.read_text(encoding="utf-8"))
    named = [(n, d) for d, kinds in table.items() for names in kinds.values() for n in names]
    assert len(named) > 2000
    assert [n for n, count in Counter(n for n, _ in named).items() if count > 1] == []
    wrong = [(n, d) for n, d in named if locate(n, districts()).district != d]
    assert wrong == []


def test_a_further_place_lies_in_the_street_that_its_name_begins_with() -> None:
    assert districts().places["\u65b0\u5858\u6e2f\u53e3"].street == "\u65b0\u5858\u9547"
