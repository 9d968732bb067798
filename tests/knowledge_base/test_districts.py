"""The gazetteer's loader."""

from knowledge_base.districts import districts


def test_the_gazetteer_is_read_once() -> None:
    assert districts() is districts()


def test_ambiguous_names_are_not_places_too() -> None:
    gazetteer = districts()
    assert not set(gazetteer.ambiguous) & set(gazetteer.places)
    assert all(a.ask for a in gazetteer.ambiguous.values())


def test_a_metro_station_is_known_without_its_last_word() -> None:
    assert districts().places["车陂南"].district == "天河区"
