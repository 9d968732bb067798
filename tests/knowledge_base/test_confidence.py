"""How sure the search is."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.confidence import Confidence
from knowledge_base.evidence import FEATURES, Evidence
from knowledge_base.loading import table

NOTHING = Evidence(*(0.0 for _ in FEATURES))
MODEL = Confidence(dict.fromkeys(FEATURES, 0.0) | {"score": 4.0, "strange": -2.0}, -1, 0.7, 0.1)


def test_it_weighs_for_and_against() -> None:
    found = replace(NOTHING, score=1.0)
    assert MODEL(NOTHING) < 0.5 < MODEL(found)
    assert MODEL(replace(found, strange=2.0)) < MODEL(found)


@given(st.lists(st.floats(-1e9, 1e9), min_size=len(FEATURES), max_size=len(FEATURES)))
def test_it_is_a_chance(values: list[float]) -> None:
    assert 0 <= MODEL(Evidence(*values)) <= 1


def test_the_product_s_own_model_is_whole() -> None:
    model = Confidence.of(table("confidence"))
    assert 0 < model.close < model.answered < 1
    against = {"missing", "strange", "strange_rest", "strangest"}
    assert {name for name, weight in model.weights.items() if weight < 0} == against


def test_a_model_that_lacks_a_weight_is_refused() -> None:
    told = table("confidence")
    del told["weights"]["missing"]
    with pytest.raises(KeyError, match="missing"):
        Confidence.of(told)
