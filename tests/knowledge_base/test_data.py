"""The product's own entries and tables, as data."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from knowledge_base.entry import Entry, Kind
from knowledge_base.knowledge import KnowledgeBase
from knowledge_base.loading import load, table
from tests.knowledge_base.conftest import TODAY

ENTRIES = load()
DOORS = {
    "police", "fire", "medical", "traffic", "fraud", "court", "procuratorate", "discipline",
    "organisation", "police_conduct", "law_aid", "arbitration", "review", "disclosure", "petition",
    "secret", "privacy", "military", "psychology", "minors", "women", "social_security",
    "medical_insurance", "housing_fund", "tax", "market", "transport", "power", "water", "gas",
    "telecom", "bank", "post", "railway", "other_city", "not_government", "prank",
}  # fmt: skip


def test_there_are_enough_entries() -> None:
    assert len(ENTRIES) >= 150


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_an_entry_can_be_found_and_heard(entry: Entry, base: KnowledgeBase) -> None:
    assert len(entry.variants) >= 5
    assert 1 <= len(entry.spoken) <= 6
    assert entry.editor
    assert entry.served_on(TODAY)
    assert base.search(entry.question, on=TODAY, count=1)[0].entry.id == entry.id


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_an_entry_without_a_source_for_its_facts_says_so(entry: Entry) -> None:
    if entry.kind is Kind.POINTER:
        assert entry.phone or entry.unit
        assert not any(word in entry.answer for word in ("保证", "一定可以"))


def test_no_entry_turns_a_caller_away_without_a_door() -> None:
    assert not [entry.id for entry in ENTRIES if "不予受理" in entry.answer]


def test_every_door_is_there_once() -> None:
    rows = table("referrals")["referrals"]
    ids = Counter(row["id"] for row in rows)
    assert set(ids) >= DOORS
    assert max(ids.values()) == 1


@pytest.mark.parametrize("row", table("referrals")["referrals"], ids=lambda row: row["id"])
def test_a_door_is_named_with_its_reason(row: dict[str, object]) -> None:
    assert set(row) == {
        "id", "body", "numbers", "transfer", "matters", "says", "spoken", "basis", "source",
        "verified",
    }  # fmt: skip
    assert row["transfer"] in {"instant", "inform", "explain", "assist"}
    assert isinstance(row["verified"], bool)
    says, spoken, numbers = row["says"], row["spoken"], row["numbers"]
    assert isinstance(says, str)
    assert isinstance(spoken, list)
    assert isinstance(numbers, list)
    assert "不予受理" not in says
    assert all(len(s) <= 25 and not any(c in "0123456789" for c in s) for s in spoken)
    assert all(isinstance(number, str) and number[0].isdigit() for number in numbers)
    if row["transfer"] == "instant":
        assert numbers[0] in says


def test_there_are_11_districts_and_176_streets_and_towns() -> None:
    districts = table("districts")["districts"]
    streets = [street for district in districts for street in district["streets"]]
    assert len(districts) == 11
    assert sum(street["name"].endswith(("街道", "镇")) for street in streets) == 176
    assert len({street["code"] for street in streets}) == len(streets)
    for district in districts:
        assert all(street["code"].startswith(district["code"]) for street in district["streets"])


def test_a_place_names_one_district_and_a_street_of_it() -> None:
    city = table("districts")
    streets = {d["name"]: {street["name"] for street in d["streets"]} for d in city["districts"]}
    names = Counter(place["name"] for place in city["places"])
    assert max(names.values()) == 1
    for place in city["places"]:
        assert place["district"] in streets
        assert place.get("street") is None or place["street"] in streets[place["district"]]
        assert place["kind"] in {"metro", "area", "landmark", "road", "estate", "village"}


def test_an_ambiguous_name_is_asked_about_and_is_no_place() -> None:
    city = table("districts")
    places = {place["name"] for place in city["places"]}
    for row in city["ambiguous"]:
        assert row["name"] not in places
        assert row["ask"].endswith("\uff1f")
        assert len(row["candidates"]) >= 2


@pytest.mark.parametrize(
    "name", ["paraphrases.yml", "paraphrases_2.yml", "paraphrases_4.yml", "paraphrases_5.yml"]
)
def test_the_held_out_questions_are_not_in_the_entries_or_the_calibration(name: str) -> None:
    here = Path(__file__).parent
    held = yaml.safe_load((here / name).read_text(encoding="utf-8"))
    questions = [row["question"] for rows in held.values() for row in rows]
    known = {text for entry in ENTRIES for text in (entry.question, *entry.variants)}
    for name in ("unanswerable", "answerable", "misheard"):
        known |= {text for texts in table(f"calibration/{name}").values() for text in texts}
    assert not known & set(questions)
    assert len(questions) - len(held["unanswerable"]) >= 300
    assert len(held["unanswerable"]) >= 80
    ids = {entry.id for entry in ENTRIES}
    assert all(row.get("entry", next(iter(ids))) in ids for rows in held.values() for row in rows)


def test_the_calibration_asks_after_entries_that_there_are_and_is_large() -> None:
    ids = {entry.id for entry in ENTRIES}
    answerable, misheard = (table(f"calibration/{name}") for name in ("answerable", "misheard"))
    assert ids >= set(answerable) | set(misheard)
    assert sum(map(len, answerable.values())) >= 400
    strange = [text for texts in table("calibration/unanswerable").values() for text in texts]
    assert len(strange) == len(set(strange)) >= 1000
    said = {text for entry in ENTRIES for text in (entry.question, *entry.variants)}
    assert not said & set(strange)
