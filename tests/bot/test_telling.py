"""Turns as they are told to other processes."""

import json
from dataclasses import replace

from bot.rules.session import Speaker
from bot.store import Turn
from bot.telling import turn_event, turns_of
from tests.bot.conftest import MONDAY

FIRST = Turn("s1", 3, Speaker.CALLER, "灯不亮", MONDAY, "u1", "answered", None)
LAST = Turn("s1", 4, Speaker.BOT, "好的", MONDAY, None, "answered", {"buttons": ["是"]})


def test_what_is_told_comes_back_the_same_over_the_wire() -> None:
    event = json.loads(json.dumps(turn_event([FIRST, LAST])))
    assert turns_of(event) == [FIRST, LAST]
    assert (event["type"], event["seq"], event["speaker"]) == ("turn", 4, "bot")


def test_an_event_may_only_say_that_there_is_a_turn() -> None:
    assert turns_of({"type": "turn", "seq": 4}) == []
    assert turns_of({"type": "handoff"}) == []


def test_it_is_told_in_the_order_of_the_records() -> None:
    told = turn_event([replace(FIRST, seq=1), replace(FIRST, seq=2)])
    assert [turn["seq"] for turn in told["turns"]] == [1, 2]
