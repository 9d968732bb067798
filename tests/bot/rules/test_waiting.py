"""The wait that is told to a caller: a range that the last hour supports, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.waiting import Wait, estimate

FIVE = [300.0, 300.0, 300.0]


@pytest.mark.parametrize(
    ("place", "free", "serving", "talks", "wait"),
    [
        (1, 1, 1, [], Wait(0, 1)),
        (2, 3, 3, [], Wait(0, 1)),
        (1, 0, 1, FIVE, Wait(5, 8)),
        (1, 0, 5, FIVE, Wait(1, 2)),
        (10, 0, 5, FIVE, Wait(10, 15)),
        (1, 0, 0, FIVE, None),
        (1, 0, 3, FIVE[:2], None),
        (99, 0, 1, FIVE, None),
    ],
)
def test_estimates(place, free, serving, talks, wait):
    assert estimate(place, free, serving, talks) == wait


@given(
    st.integers(1, 500),
    st.integers(0, 50),
    st.integers(0, 50),
    st.lists(st.floats(1, 7200), max_size=20),
)
def test_who_is_further_behind_never_waits_less(place, free, serving, talks):
    here, behind = estimate(place, free, serving, talks), estimate(place + 1, free, serving, talks)
    if here is None:
        assert behind is None
    elif behind is not None:
        assert here.low <= behind.low
        assert here.low <= here.high <= behind.high
