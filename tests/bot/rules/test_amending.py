"""A part of a number put right, in the many ways of saying it."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.amending import amended
from bot.rules.numbers import amend_phone, phone

CASES = yaml.safe_load(Path(__file__).with_name("amending_cases.yml").read_text("utf-8"))
TOLD = "13800138000"


@pytest.mark.parametrize(("told", "said", "number"), CASES["amended"])
def test_the_number_told_before_is_put_right(told: str, said: str, number: str) -> None:
    assert amended(told, said) == number
    assert amend_phone(told, said) == number


@pytest.mark.parametrize(("told", "said", "number"), CASES["amended"])
def test_its_parts_are_never_a_number_of_their_own(told: str, said: str, number: str) -> None:
    assert phone(said, expected=True) is None


@pytest.mark.parametrize(("told", "said", "number"), CASES["amended"])
def test_told_and_put_right_in_one_breath(told: str, said: str, number: str) -> None:
    assert phone(f"我的电话是{told},{said}", expected=True) == number


@pytest.mark.parametrize("said", CASES["untouched"])
def test_what_corrects_something_else_leaves_it(said: str) -> None:
    assert amended(TOLD, said) is None


@given(st.lists(st.sampled_from(["不是", "是", "唔系", "后四位", "8000", "13800138000", ","])))
def test_any_words_in_any_order_leave_a_number_or_none(words: list[str]) -> None:
    found = amended(TOLD, "".join(words))
    assert found is None or (len(found) == len(TOLD) and found.isdigit())
