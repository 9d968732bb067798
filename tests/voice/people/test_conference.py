"""Who hears whom."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from voice.people.conference import FRAME, Conference


def frame(level: int) -> bytes:
    return np.full(FRAME // 2, level, "<i2").tobytes()


def levels(heard: dict[str, bytes]) -> dict[str, int]:
    return {who: int(np.frombuffer(sound, "<i2")[0]) for who, sound in heard.items()}


def test_everybody_hears_everybody_else() -> None:
    room = Conference()
    for who, level in (("caller", 1000), ("li", 20), ("wang", 3)):
        room.join(who)
        room.hear(who, frame(level))
    assert levels(room.beat()) == {"caller": 23, "li": 1003, "wang": 1020}
    assert levels(room.beat()) == {"caller": 0, "li": 0, "wang": 0}


def test_who_listens_is_not_heard_and_who_left_hears_nothing() -> None:
    room = Conference()
    room.join("caller")
    room.join("wu", listens=True)
    room.hear("caller", frame(5))
    room.hear("wu", frame(7))
    room.hear("stranger", frame(9))
    assert levels(room.beat()) == {"caller": 0, "wu": 5}
    room.leave("wu")
    assert list(room.beat()) == ["caller"]


def test_a_line_that_hurries_loses_what_is_old() -> None:
    room = Conference()
    room.join("caller")
    room.join("li")
    for level in range(30):
        room.hear("li", frame(level))
    assert levels(room.beat())["caller"] == 20


@given(st.lists(st.integers(-32768, 32767), min_size=1, max_size=6))
def test_loud_voices_are_cut_not_wrapped(spoken: list[int]) -> None:
    room = Conference()
    room.join("caller")
    for number, level in enumerate(spoken):
        room.join(str(number))
        room.hear(str(number), frame(level))
    assert levels(room.beat())["caller"] == max(-32768, min(32767, sum(spoken)))
