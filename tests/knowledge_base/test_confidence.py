"""How sure the search is."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.confidence import ANSWERED, confidence

score = st.floats(0, 1)


def test_nothing_found_is_no_confidence() -> None:
    assert confidence([], 5) == 0.0


def test_a_clear_hit_is_answered_and_a_faint_one_is_not() -> None:
    assert confidence([0.7, 0.2], 5) >= ANSWERED
    assert confidence([0.1, 0.09], 5) < ANSWERED


@given(score, score, score, st.integers(0, 40))
def test_a_nearer_rival_makes_it_less_sure(first: float, a: float, b: float, words: int) -> None:
    far, near = sorted((min(a, first), min(b, first)))
    assert confidence([first, near], words) <= confidence([first, far], words)


@given(st.lists(score, max_size=5), st.integers(0, 40))
def test_it_is_a_chance(scores: list[float], words: int) -> None:
    assert 0 <= confidence(sorted(scores, reverse=True), words) <= 1
