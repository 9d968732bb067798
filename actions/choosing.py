"""Where two kinds of matter tie: which one is meant is asked, with both to choose from."""

from typing import Any

from rasa_sdk.events import SlotSet

from actions.base import Event, Turn

TIE = "tie"


def ask_which(turn: Turn, words: Any) -> list[Event] | None:
    """The question, once for a matter, and what is to be remembered; None where nothing ties."""
    pending = turn.slot("pending") or {}
    tied = list(turn.heard.get("choices") or ())
    apart = bool(turn.heard.get("parts"))  # two matters, each with its own kind
    if len(tied) < 2 or apart or turn.in_report or pending.get("kind") == TIE:
        return None
    named = [words["choices"][intent] for intent in tied]
    turn.say(
        "utter_which_kind",
        first=named[0],
        second=named[1],
        buttons=[{"title": name, "payload": name} for name in named],
    )
    told = {"question": turn.text, "category": turn.heard.get("category")}
    return [SlotSet("pending", {"kind": TIE, **told})]


def chosen(turn: Turn) -> str | None:
    """The matter that was told before it was asked which it is, if this only answers that."""
    pending = turn.slot("pending") or {}
    answers = pending.get("kind") == TIE and not turn.heard.get("choices")
    return str(pending["question"]) if answers else None
