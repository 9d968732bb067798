"""Who is at the desk, and what a waiting caller is told."""

from datetime import timedelta

import pytest

from bot.attendance import THERE_SECONDS, Attendance
from bot.rules.presence import State
from bot.rules.session import Channel
from bot.rules.waiting import Wait
from tests.bot.conftest import MONDAY


class Clock:
    def __init__(self):
        self.at = MONDAY

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def attendance(live, store, clock):
    return Attendance(live, store, clock)


async def comes(attendance, login="li", skills=("mandarin",)):
    await attendance.arrive(login, login, skills)
    await attendance.note((login,))


async def test_who_is_not_heard_of_is_gone(attendance, clock):
    await comes(attendance)
    clock.at += timedelta(seconds=THERE_SECONDS)
    assert await attendance.there() == {"li"}
    clock.at += timedelta(seconds=0.1)
    assert await attendance.there() == frozenset()


async def test_a_reload_keeps_the_state(attendance):
    await comes(attendance)
    await attendance.set("li", State.BREAK)
    await comes(attendance)
    assert [one.state for one in await attendance.present()] == [State.BREAK]


async def test_a_caller_is_told_of_a_free_agent_and_of_none(attendance, desk, clock):
    assert await attendance.standing("s1") is None
    await desk.hand_off("s1", reason="asked", summary="", at=MONDAY)
    assert await attendance.standing("s1") == (1, None)
    await comes(attendance)
    assert await attendance.standing("s1") == (1, Wait(0, 1))
    await attendance.set("li", State.BUSY)
    assert await attendance.standing("s1") == (1, None)


async def test_the_wait_follows_the_last_hour(attendance, desk, store, clock):
    await comes(attendance)
    await attendance.set("li", State.BUSY)
    for number in range(3):
        async with store.begin() as records:
            await records.sessions.begin(f"t{number}", Channel.WEB, None, MONDAY)
        made = await desk.hand_off(f"t{number}", reason="asked", summary="", at=MONDAY)
        await desk.accept(made.id, agent="li", at=MONDAY)
        ends = MONDAY + timedelta(minutes=5)
        await desk.release(made.id, agent="li", to="end", at=ends)
    await desk.hand_off("s1", reason="asked", summary="", at=MONDAY)
    clock.at = MONDAY + timedelta(minutes=10)
    await attendance.note(("li",))
    assert await attendance.standing("s1") == (1, Wait(5, 8))
