"""The window and the packing, by tables and properties."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SHANGHAI
from bot.rules.session import Handler
from bot.rules.wechat import (
    JOINT,
    TEXT_BYTES,
    Action,
    Wait,
    Window,
    cut,
    day_of,
    goes_on,
    on_the_phone,
    pack,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("actions", "later", "left"),
    [
        ([], timedelta(0), 0),
        ([Action.MESSAGE], timedelta(0), 5),
        ([Action.MESSAGE], 48 * HOUR - timedelta(seconds=1), 5),
        ([Action.MESSAGE], 48 * HOUR, 0),
        ([Action.ENTER], timedelta(seconds=59), 2),
        ([Action.ENTER], timedelta(minutes=1), 0),
        ([Action.MESSAGE, Action.MESSAGE], timedelta(0), 5),  # not added up
        ([Action.MESSAGE, Action.ENTER], HOUR, 5),  # and not made smaller
        ([Action.ENTER, Action.MESSAGE], HOUR, 5),
        ([Action.SUBSCRIBE], timedelta(0), 3),
    ],
)
def test_what_an_action_allows(actions: list[Action], later: timedelta, left: int) -> None:
    window = Window()
    for action in actions:
        window = window.lifted(action, NOW)
    assert window.open(NOW + later) == left


def test_a_window_that_the_platform_closed_opens_with_the_next_message() -> None:
    window = Window().lifted(Action.MESSAGE, NOW)
    for shut in (window.closed(NOW), window.exhausted()):
        assert shut.open(NOW) == 0
        assert shut.lifted(Action.MESSAGE, NOW + HOUR).open(NOW + HOUR) == 5


def test_entering_after_the_count_is_used_up_gives_two_for_a_minute() -> None:
    used = Window().lifted(Action.MESSAGE, NOW).exhausted().lifted(Action.ENTER, NOW + HOUR)
    assert used.open(NOW + HOUR) == 2
    assert used.open(NOW + HOUR + timedelta(minutes=1)) == 0


texts = st.text(st.sampled_from("ab路灯\n"), min_size=1, max_size=1500)


@given(st.lists(texts, max_size=8), st.integers(0, 5))
def test_packing_keeps_words_order_and_places(said: list[str], places: int) -> None:
    waiting = [Wait(n, text) for n, text in enumerate(said, 1)]
    parcels = pack(waiting, places)
    assert len(parcels) <= places
    assert all(0 < len(parcel.text.encode()) <= TEXT_BYTES for parcel in parcels)
    upto = parcels[-1].upto if parcels else 0
    whole = [text for wait in waiting if wait.seq <= upto for text in cut(wait.text)]
    assert _letters(JOINT.join(parcel.text for parcel in parcels)) == _letters("".join(whole))


@given(st.lists(st.text("路", min_size=1, max_size=60), min_size=1, max_size=6))
def test_short_texts_all_fit_into_one_place(said: list[str]) -> None:
    parcels = pack([Wait(n, text) for n, text in enumerate(said, 1)], 1)
    assert [parcel.text for parcel in parcels] == [JOINT.join(said)]
    assert parcels[0].upto == len(said)


def test_with_room_for_all_nothing_is_joined() -> None:
    assert [p.text for p in pack([Wait(1, "a"), Wait(3, "b")], 2)] == ["a", "b"]


def test_a_long_text_goes_whole_or_not_at_all() -> None:
    long = "路" * 1500  # three messages
    assert pack([Wait(1, "a"), Wait(2, long)], 3) != []
    assert [parcel.upto for parcel in pack([Wait(1, long)], 3)] == [0, 0, 1]
    assert pack([Wait(1, long)], 2) == []


@given(texts)
def test_a_cut_text_loses_no_word(text: str) -> None:
    pieces = cut(text * 3)
    assert all(len(piece.encode()) <= TEXT_BYTES for piece in pieces)
    assert _letters("".join(pieces)) == _letters(text * 3)


@pytest.mark.parametrize(
    ("handler", "silent", "same"),
    [
        (Handler.BOT, HOUR, True),
        (Handler.BOT, 13 * HOUR, False),
        (Handler.AGENT, 100 * HOUR, True),
        (Handler.WAITING, 100 * HOUR, True),
        (Handler.ENDED, timedelta(0), False),
    ],
)
def test_who_goes_on_in_the_same_session(handler: Handler, silent: timedelta, same: bool) -> None:
    assert goes_on(handler, NOW, NOW + silent) is same


def _letters(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("handler", "minutes", "silent", "held"),
    [
        (Handler.BOT, 10, 1, True),
        (Handler.BOT, 10, 4, False),
        (Handler.AGENT, 40, 30, True),
        (Handler.WAITING, 40, 30, True),
        (Handler.AGENT, 130, 30, False),
        (Handler.ENDED, 1, 0, False),
    ],
)
def test_a_call_is_held_while_somebody_speaks(
    handler: Handler, minutes: int, silent: int, held: bool
) -> None:
    begun_at, last_at = NOW - timedelta(minutes=minutes), NOW - timedelta(minutes=silent)
    assert on_the_phone(handler, begun_at, last_at, NOW) is held


@pytest.mark.parametrize(
    ("hours", "name"),
    [(5, "night"), (6, "morning"), (12, "afternoon"), (18, "evening"), (-1, "yesterday")],
)
def test_the_time_of_a_call_has_a_name(hours: int, name: str) -> None:
    midnight = NOW.replace(hour=0)
    assert day_of(midnight + timedelta(hours=hours), midnight + timedelta(hours=20)) == name
    assert day_of(midnight - timedelta(days=3), midnight) == "date"
