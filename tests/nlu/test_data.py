"""The training data: enough, each in one intent, of known categories, apart from the test set."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from knowledge_base.referrals import referrals
from nlu.understanding.evidence import VERDICTS
from nlu.understanding.examples import read_examples
from nlu.understanding.understanding import IN, OUT

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = read_examples()


def test_there_are_thousands() -> None:
    assert len({e.text for e in EXAMPLES}) >= 4000


def test_no_utterance_stands_in_two_intents() -> None:
    intents: dict[str, set[str]] = {}
    for example in EXAMPLES:
        intents.setdefault(example.text, set()).add(example.intent)
    assert {text: found for text, found in intents.items() if len(found) > 1} == {}


def test_no_utterance_stands_twice() -> None:
    assert [text for text, n in Counter(e.text for e in EXAMPLES).items() if n > 1] == []


def test_every_intent_of_the_domain_has_examples_and_no_other() -> None:
    domain = yaml.safe_load(
        (ROOT / "bot" / "dialogue" / "domain" / "intents.yml").read_text(encoding="utf-8")
    )
    counts = Counter(e.intent for e in EXAMPLES)
    assert set(counts) == set(domain["intents"]) - set(VERDICTS)
    assert min(counts.values()) >= 20


def test_a_matter_of_ours_names_its_category_and_another_bodys_its_door() -> None:
    for example in EXAMPLES:
        if example.intent in IN and example.category is not None:
            assert example.category.count("/") == 1, example.text
        if example.intent in OUT:
            assert example.referral in referrals(), example.text


@pytest.mark.parametrize("folder", ["held_out", *(f"held_out_{n}" for n in range(2, 8))])
def test_a_held_out_set_is_held_out(folder: str) -> None:
    path = ROOT / "tests" / "nlu" / folder / "set.yml"
    table = yaml.safe_load(path.read_text(encoding="utf-8"))
    held_out = {text for group in table for text in group["say"]}
    assert len(held_out) >= 400
    assert not held_out & {e.text for e in EXAMPLES}
