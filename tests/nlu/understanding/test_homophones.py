"""Words that only sound right are read right, and nothing else is touched."""

from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlu.understanding.examples import read_examples
from nlu.understanding.homophones import Homophones, load_homophones

CASES = yaml.safe_load(Path(__file__).with_name("homophone_cases.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def menders(trained: Path) -> tuple[Homophones, Homophones]:
    return load_homophones(trained)


@pytest.mark.parametrize(("heard", "meant"), CASES["words"].items())
def test_a_word_of_the_same_sound_is_read(
    menders: tuple[Homophones, Homophones], heard: str, meant: str
) -> None:
    assert menders[0].mend(heard) == meant


@pytest.mark.parametrize(("heard", "meant"), CASES["places"].items())
def test_a_place_of_the_same_sound_is_read(
    menders: tuple[Homophones, Homophones], heard: str, meant: str
) -> None:
    assert menders[1].mend(heard) == meant


def test_written_sentences_are_left_alone(menders: tuple[Homophones, Homophones]) -> None:
    texts = [e.text for e in read_examples()]
    changed = [t for t in texts if menders[0].mend(t) != t]
    assert len(changed) < len(texts) / 200


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(max_size=100))
def test_any_text_keeps_its_length(menders: tuple[Homophones, Homophones], text: str) -> None:
    assert len(menders[0].mend(text)) == len(text)
