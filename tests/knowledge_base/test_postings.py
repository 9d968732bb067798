"""The inverted index, against the formulas written out."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.postings import K1, SMOOTHING, B, Postings, Vocabulary

TEXTS = ["a a b", "b c", "c c c d"]


def made(texts: list[str]) -> Postings:
    vocabulary = Vocabulary()
    counted = [vocabulary.counted(text.split()) for text in texts]
    return Postings(counted, vocabulary)


def test_matching_is_bm25_as_the_share_of_the_best() -> None:
    matching, _ = made(TEXTS).scores(["a"])
    known = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    assert matching == pytest.approx([2 / (2 + K1 * (1 - B + B * 3 / 3)), 0, 0]), (
        "the token's own weight, here the only one, is divided out"
    )
    both, _ = made(TEXTS).scores(["a", "unseen"])
    unseen = math.log(1 + (3 + 0.5) / 0.5)
    assert both[0] == pytest.approx(matching[0] * known / (known + unseen))


def test_likelihood_is_smoothed_with_the_language_at_large() -> None:
    _, likelier = made(TEXTS).scores(["c"])

    def wanted(count: int, length: int) -> float:
        large = 4 / 9
        return math.log((count + SMOOTHING * large) / (length + SMOOTHING) / large)

    assert likelier == pytest.approx([wanted(0, 3), wanted(1, 2), wanted(3, 4)], abs=1e-5)


def test_no_documents_no_scores() -> None:
    matching, likelier = made([]).scores(["a"])
    assert len(matching) == len(likelier) == 0


def test_a_token_learned_later_is_unknown_to_an_older_index() -> None:
    vocabulary = Vocabulary()
    postings = Postings([vocabulary.counted(["a"])], vocabulary)
    vocabulary.counted(["later"])
    assert postings.scores(["later"])[0].tolist() == [0.0]


tokens = st.lists(st.sampled_from("abcdef"), max_size=6)


@given(st.lists(tokens, min_size=1, max_size=6), tokens)
def test_matching_lies_between_0_and_1(texts: list[list[str]], asked: list[str]) -> None:
    matching, likelier = made([" ".join(text) for text in texts]).scores(asked)
    assert np.all(matching >= 0)
    assert np.all(matching <= 1 + 1e-5)
    assert np.all(np.isfinite(likelier))
