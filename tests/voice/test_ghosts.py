"""Words that nobody said are dropped, words that somebody said are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.ghosts import captions, ghost


@pytest.mark.parametrize("caption", captions())
def test_every_known_caption_is_dropped(caption: str) -> None:
    why = ghost(f"好,{caption}。", voiced_seconds=3, confidence=0.95, no_speech=0.0)
    assert why == "caption"


@pytest.mark.parametrize(
    ("text", "voiced", "confidence", "no_speech", "why"),
    [
        ("", 1.0, 0.9, 0.0, "nothing"),
        ("。,", 1.0, 0.9, 0.0, "nothing"),
        ("我要投诉", 0.0, 0.9, 0.0, "no_voice"),
        ("我要投诉", 1.0, 0.5, 0.9, "no_speech"),
        ("我要投诉", 1.0, 0.1, 0.0, "doubtful"),
        ("我要投诉楼下的餐馆每天半夜还在营业", 0.3, 0.9, 0.0, "too_many_words"),
        ("好", 12.0, 0.9, 0.0, "too_few_words"),
        ("是的是的是的是的是的是的是的", 2.0, 0.9, 0.0, "loop"),
    ],
)
def test_why(text: str, voiced: float, confidence: float, no_speech: float, why: str) -> None:
    found = ghost(text, voiced_seconds=voiced, confidence=confidence, no_speech=no_speech)
    assert found == why


@pytest.mark.parametrize(
    ("text", "voiced"),
    [("是", 0.16), ("对", 0.13), ("唔系", 0.3), ("八", 0.2), ("88888888", 2.0), ("谢谢", 0.4)],
)
def test_a_short_true_answer_passes(text: str, voiced: float) -> None:
    assert ghost(text, voiced_seconds=voiced, confidence=0.7, no_speech=0.1) is None


@given(st.text(), st.floats(0, 60), st.floats(0, 1), st.floats(0, 1))
def test_any_text_gets_a_verdict(text: str, voiced: float, sure: float, doubt: float) -> None:
    why = ghost(text, voiced_seconds=voiced, confidence=sure, no_speech=doubt)
    assert why is None or why.isidentifier()
