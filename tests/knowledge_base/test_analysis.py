"""Words, n-grams and sounds of a text."""

import pytest

from knowledge_base.analysis import Analyser
from knowledge_base.loading import table
from knowledge_base.shelf import analyser


@pytest.fixture(scope="module")
def analyse() -> Analyser:
    return analyser(table("synonyms"))


def test_words_of_the_hotline_stay_whole(analyse: Analyser) -> None:
    assert "容缺受理" in analyse("容缺受理是什么意思").words


def test_sounds_of_a_misheard_word_are_those_of_the_right_one(analyse: Analyser) -> None:
    assert set(analyse("公租房").sounds) == set(analyse("供祖防").sounds)


def test_pairs_that_are_confused_on_the_phone_sound_the_same(analyse: Analyser) -> None:
    assert analyse("南").sounds == analyse("蓝").sounds
    assert analyse("是").sounds == analyse("四").sounds


@pytest.mark.parametrize("text", ["", "   ", "???", "\x00", "😀"])
def test_a_text_without_words_has_no_tokens(analyse: Analyser, text: str) -> None:
    tokens = analyse(text)
    assert (tokens.words, tokens.grams, tokens.sounds) == ((), (), ())
