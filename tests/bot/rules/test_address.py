"""Places as callers say them, against the city's own gazetteer."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.address import locate
from bot.rules.gazetteer import mentions
from knowledge_base.districts import districts

CASES = yaml.safe_load(Path(__file__).with_name("address_cases.yml").read_text(encoding="utf-8"))
PLACES = yaml.safe_load(Path(__file__).with_name("places_cases.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_locate(case: dict[str, Any]) -> None:
    location = locate(case["say"], districts())
    for name in ("address", "district", "street", "city", "denied"):
        if name in case:
            assert getattr(location, name) == case[name], name
    if "asks" in case:
        assert (location.ask is not None) == case["asks"]


@pytest.mark.parametrize(("said", "district"), [row for rows in PLACES.values() for row in rows])
def test_the_district_of_a_place(said: str, district: str) -> None:
    assert (locate(said, districts()).district or "") == district


def test_every_street_of_the_city_is_known_with_its_district() -> None:
    gazetteer = districts()
    streets = [p for p in gazetteer.places.values() if p.kind == "street" and p.name == p.street]
    assert len(streets) == 178
    for street in streets:
        location = locate(f"{street.district}{street.name}", gazetteer)
        assert (location.district, location.street) == (street.district, street.name)


def test_mentions_do_not_overlap() -> None:
    found = mentions("天河区车陂街道车陂南站", districts())
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert [m.name for m in found] == ["天河区", "车陂街道", "车陂南站"]


@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text: str) -> None:
    locate(text, districts())


def test_a_very_long_text_is_cut_and_answered() -> None:
    assert locate("车陂路" * 40_000, districts()).district == "天河区"
    assert locate("\0" * 100_000, districts()).address is None


@pytest.mark.parametrize(
    "text",
    [
        "佛山",
        "在上海",
        "那我要投诉公交站牌写错了",
        "地铁站里有人卖唱",
        "不知道名字,5号窗口",
        "小区停水了",
    ],
)
def test_a_kind_of_place_is_no_place(text: str) -> None:
    assert locate(text, districts()).address is None
