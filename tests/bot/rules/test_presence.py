"""Who is offered callers."""

from datetime import datetime, timedelta

import pytest

from bot.clock import SHANGHAI
from bot.rules.presence import Present, State, able

AT = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)


def agent(state=State.IDLE, callers=0, skills=("mandarin",)):
    return Present("li", "Li", skills, state, AT, callers)


@pytest.mark.parametrize(
    ("state", "callers", "free"),
    [
        (State.IDLE, 0, True),
        (State.IDLE, 4, True),
        (State.IDLE, 5, False),
        (State.BUSY, 0, False),
        (State.BREAK, 0, False),
        (State.WRAP_UP, 0, False),
    ],
)
def test_who_is_free(state, callers, free):
    assert agent(state, callers).free(5) is free


@pytest.mark.parametrize(
    ("state", "seconds", "after"),
    [
        (State.WRAP_UP, 59, State.WRAP_UP),
        (State.WRAP_UP, 60, State.IDLE),
        (State.BREAK, 9999, State.BREAK),
        (State.IDLE, 9999, State.IDLE),
    ],
)
def test_writing_up_ends_by_itself(state, seconds, after):
    assert agent(state).after(AT + timedelta(seconds=seconds), 60) is after


def test_who_is_able():
    there = [agent(), agent(State.BREAK), agent(State.BUSY), agent(skills=("crisis",))]
    assert able(there, "mandarin") == [there[0], there[2]]
