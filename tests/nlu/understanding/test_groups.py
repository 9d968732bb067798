"""Intents between two models: the sums change, the order within a group does not."""

import pytest

from nlu.understanding.groups import blended, group_of


def test_groups() -> None:
    assert [group_of(i) for i in ("fire", "crisis", "complain", "judicial", "greet")] == [
        "danger",
        "danger",
        "in",
        "out",
        "social",
    ]


def test_a_group_lies_midway_between_both_models() -> None:
    intents = {"fire": 0.1, "police": 0.1, "complain": 0.8}
    both = blended(intents, {"danger": 0.6, "in": 0.4, "out": 0.0, "social": 0.0})
    assert both["fire"] + both["police"] == pytest.approx(0.4)
    assert both["fire"] == pytest.approx(both["police"])
    assert both["complain"] == pytest.approx(0.6)
