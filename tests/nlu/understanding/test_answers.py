"""What was asked decides how a bare answer is read."""

import pytest

from bot.rules.address import locate
from knowledge_base.districts import districts
from nlu.understanding.answers import answer_to
from nlu.understanding.text import read


@pytest.mark.parametrize(
    ("said", "intent", "confidence", "expected", "answer"),
    [
        ("陈", "complain", 0.4, "name", "inform"),
        ("天河区车陂路", "complain", 0.9, "where", "inform"),
        ("不留", "skip", 0.9, "name", None),
        ("居住证", "consult", 0.9, "name", None),
        ("救命", "police", 0.9, "name", None),
        ("陈", "complain", 0.4, None, None),
    ],
)
def test_a_bare_answer(
    said: str, intent: str, confidence: float, expected: str | None, answer: str | None
) -> None:
    found = answer_to(read(said), intent, confidence, locate(said, districts()), expected)
    assert (found and found[0]) == answer
