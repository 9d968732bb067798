"""Two kinds of matter that tie are asked about once, with both to choose from."""

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Turn
from actions.choosing import TIE, ask_which, chosen

WORDS = {"choices": {"consult": "ask", "complain": "report", "suggest": "propose"}}


def turn(heard: dict[str, Any], text: str = "", pending: object = None) -> Turn:
    told = {
        "sender_id": "s1",
        "slots": {"pending": pending},
        "latest_message": {"text": text, "understanding": heard},
        "events": [],
    }
    return Turn(Tracker.from_dict(told), CollectingDispatcher())


def test_the_two_are_offered_and_the_matter_is_kept() -> None:
    asked = turn({"choices": ("consult", "complain"), "category": "a/b"}, "the matter")
    events = ask_which(asked, WORDS)
    assert events
    assert events[0]["value"] == {"kind": TIE, "question": "the matter", "category": "a/b"}
    (said,) = asked.dispatcher.messages
    assert [button["title"] for button in said["buttons"]] == ["ask", "report"]


@pytest.mark.parametrize(
    ("heard", "pending"),
    [
        ({"choices": ()}, None),
        ({"choices": ("consult", "complain"), "parts": [{}, {}]}, None),
        ({"choices": ("consult", "complain")}, {"kind": TIE, "question": "before"}),
    ],
    ids=["nothing ties", "two matters", "asked already"],
)
def test_else_nothing_is_asked(heard: dict[str, Any], pending: object) -> None:
    assert ask_which(turn(heard, pending=pending), WORDS) is None


def test_the_answer_brings_back_what_was_told_before() -> None:
    pending = {"kind": TIE, "question": "the matter"}
    assert chosen(turn({"choices": ()}, "report", pending)) == "the matter"
    assert chosen(turn({"choices": ()}, "report")) is None
