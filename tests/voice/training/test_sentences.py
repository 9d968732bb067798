"""What the model is taught to hear."""

import itertools
import re

import pytest

from bot.rules.numbers import phone
from voice.training.characters import alphabet, product_clauses
from voice.training.sentences import KINDS, MIXES, SYMBOL, Sentence, Sentences, grammar


def first(seed: int, count: int, mix: str = "broad") -> list[Sentence]:
    return list(itertools.islice(Sentences(seed, mix=mix), count))


def test_the_same_seed_gives_the_same_sentences() -> None:
    assert first(3, 50) == first(3, 50)
    assert first(3, 50) != first(4, 50)


def test_every_symbol_of_the_grammar_is_defined() -> None:
    symbols = grammar()
    used = {name for lines in symbols.values() for line in lines for name in SYMBOL.findall(line)}
    assert used <= symbols.keys()
    assert symbols["kinds"].keys() <= symbols.keys()


@pytest.mark.parametrize("mix", MIXES)
def test_every_kind_comes_in_its_share_and_can_be_written(mix: str) -> None:
    assert sum(MIXES[mix].values()) == 100
    assert tuple(MIXES[mix]) == KINDS
    drawn = first(1, 3000, mix)
    known = set(alphabet())
    for kind, share in MIXES[mix].items():
        found = [sentence for sentence in drawn if sentence.kind == kind]
        assert abs(len(found) / 30 - share) < 4, kind
        assert all(known.issuperset(sentence.text) for sentence in found), kind


def test_sentences_are_varied() -> None:
    assert len({sentence.text for sentence in first(2, 2000)}) > 1700


def test_a_mobile_number_has_eleven_figures() -> None:
    source = Sentences(5)
    for _ in range(100):
        text = Sentence("digits", source.expand("mobile")).text
        assert re.fullmatch("1[3-9][0-9]{9}", phone(text) or ""), text


def test_pauses_are_spoken_but_not_written() -> None:
    assert Sentence("answers", "是,A口").text == "是A口"


def test_what_is_held_out_is_never_taught() -> None:
    taught, kept = Sentences(1).clauses, Sentences(1, held_out=True).clauses
    assert not set(taught) & set(kept)
    assert set(taught) | set(kept) == set(product_clauses())
