"""What stays undecided."""

import pytest

from nlu.understanding.text import read
from nlu.understanding.ties import choices, shared


@pytest.mark.parametrize(
    ("intents", "said", "tied"),
    [
        ({"consult": 0.4, "complain": 0.45}, "我的社保断了一个月", ("complain", "consult")),
        ({"consult": 0.2, "complain": 0.7}, "我的社保断了一个月", ()),
        ({"consult": 0.2, "complain": 0.2}, "我的社保断了一个月", ()),
        ({"consult": 0.4, "complain": 0.45}, "社保", ()),
    ],
)
def test_choices(intents: dict[str, float], said: str, tied: tuple[str, ...]) -> None:
    assert choices(intents, read(said)) == tied


@pytest.mark.parametrize(
    ("intent", "intents", "both"),
    [
        ("complain", {"police": 0.4, "complain": 0.5}, True),
        ("police", {"police": 0.5, "complain": 0.2, "consult": 0.2}, True),
        ("complain", {"police": 0.1, "complain": 0.8}, False),
        ("fire", {"police": 0.4, "complain": 0.5}, False),
    ],
)
def test_shared(intent: str, intents: dict[str, float], both: bool) -> None:
    assert shared(intent, intents) is both
