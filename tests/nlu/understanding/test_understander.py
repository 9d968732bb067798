"""The understander as a whole: traps, facts, answers, two matters, and any input at all."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlu.understanding.understander import Understander

CASES = yaml.safe_load(Path(__file__).with_name("cases.yml").read_text(encoding="utf-8"))
SCOPES = ("in", "out", "social", "unclear")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_understand(understander: Understander, case: dict[str, Any]) -> None:
    found = understander.understand(case["say"], case.get("expected")).as_dict()
    wanted = {k: v for k, v in case.items() if k not in ("say", "expected", "parts")}
    assert {key: found[key] for key in wanted} == wanted
    if "parts" in case:
        assert [part["scope"] for part in found["parts"]] == case["parts"]


@pytest.mark.parametrize(
    "text",
    ["", " ", "\0\x01\x1b[2J", "\u202e\u200b\u2066", "�" * 50, "😀😂🙏", "?!。。。", "<b></b>"],
)
def test_signs_are_unclear(understander: Understander, text: str) -> None:
    assert understander.understand(text).scope == "unclear"


@pytest.mark.parametrize(
    "text",
    [
        "123",
        "3.14159",
        "1 2 3 7 9",
        "00000",
        "９９９",
        "ก็ได้ครับ",
        "שלום",
        "안녕하세요",
        "asdfgh qwerty",
    ],
)
def test_what_has_no_words_is_unclear(understander: Understander, text: str) -> None:
    assert understander.understand(text).scope == "unclear"


def test_a_very_long_text_is_answered_in_bounded_time(understander: Understander) -> None:
    text = yaml.safe_load(Path(__file__).with_name("cases.yml").read_text(encoding="utf-8"))
    started = time.monotonic()
    found = understander.understand(text[0]["say"] * 10_000)
    assert found.scope in SCOPES
    assert time.monotonic() - started < 5  # a guard against runaway patterns, not a benchmark


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_gets_an_answer_that_is_json(understander: Understander, text: str) -> None:
    found = understander.understand(text)
    assert found.scope in SCOPES
    assert 0.0 <= found.confidence <= 1.0
    json.dumps(found.as_dict(), ensure_ascii=False)
