"""The danger screen: what it must hear, what it must let pass, and that nothing breaks it."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.scope import KINDS, screen
from knowledge_base.safety import safety

CASES = yaml.safe_load(Path(__file__).with_name("scope_cases.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("kind", "text"), [(k, t) for k in KINDS for t in CASES[k]])
def test_danger_is_heard(kind: str, text: str) -> None:
    danger = screen(text, safety())
    assert danger is not None
    assert danger.kind == kind
    assert danger.evidence


@pytest.mark.parametrize("text", CASES["none"])
def test_what_is_no_danger_passes(text: str) -> None:
    assert screen(text, safety()) is None


@pytest.mark.parametrize(("kind", "text"), [(k, t) for k in KINDS for t in CASES[k]])
def test_a_transcript_that_goes_on_keeps_the_danger(kind: str, text: str) -> None:
    danger = screen(text + "。", safety())
    assert danger is not None
    assert danger.kind == kind


@given(st.text(max_size=400))
def test_any_text_gets_an_answer(text: str) -> None:
    danger = screen(text, safety())
    assert danger is None or danger.kind in KINDS


def test_a_very_long_text_is_cut_and_answered() -> None:
    assert screen("\0" * 100_000, safety()) is None
    danger = screen(CASES["fire"][0] * 10_000, safety())
    assert danger is not None
    assert danger.kind == "fire"
