"""An agent's call-backs over the desk's API: who is due, and what came of it."""

from datetime import timedelta

import pytest

from bot.clock import now
from bot.rules.ticket import Command, TicketStatus
from tests.bot.desk.test_followup import WORK, opened, ordered

PATH = "call-backs"


@pytest.fixture
async def closed(house):
    return await closed_now(house.desk, "k")


async def closed_now(desk, key):
    number = (await opened(desk, key, at=now(), channel="phone")).ticket_no
    await ordered(desk, number, *WORK, at=now())
    return number


async def due(seat):
    return (await seat.get(f"{PATH}?kind=phone"))[1]["call_backs"]


async def test_who_is_due_is_listed_without_name_and_number(make_seat, closed):
    seat = await make_seat()
    (task,) = await due(seat)
    assert (task["ticket_no"], task["phone"], task["name"]) == (closed, "138****8000", "陈**")
    assert task["reply"]


async def test_a_bad_grade_reworks_and_is_over(house, make_seat, closed):
    seat = await make_seat()
    (task,) = await due(seat)
    told = {"came": "rated", "grade": 1, "service": 5, "comment": "没修"}
    status, after = await seat.post(f"{PATH}/{task['id']}", told)
    assert (status, after["status"]) == (200, "done")
    ticket = await house.desk.find(closed)
    assert ticket.status is TicketStatus.IN_PROGRESS
    assert (await house.desk.history(closed))[-1].event == Command.REWORK.value
    async with house.store.read() as records:
        ratings = await records.ratings.of_ticket(closed)
    assert [(one.of.value, one.grade, one.method) for one in ratings] == [
        ("result", 1, "agent"),
        ("service", 5, "agent"),
    ]
    again = (await seat.post(f"{PATH}/{task['id']}", told))[1]
    assert again["error"]["code"] == "not_in_table"


@pytest.mark.parametrize(("came", "status"), [("unreached", "waiting"), ("later", "waiting")])
async def test_not_reached_is_tried_again(make_seat, closed, came, status):
    seat = await make_seat()
    (task,) = await due(seat)
    _, after = await seat.post(f"{PATH}/{task['id']}", {"came": came})
    assert (after["status"], after["attempts"]) == (status, 1)
    assert await due(seat) == []


async def test_who_declines_is_archived_and_not_called_for_the_next_ticket(
    house, make_seat, closed
):
    seat = await make_seat()
    (task,) = await due(seat)
    _, after = await seat.post(f"{PATH}/{task['id']}", {"came": "declined", "forever": True})
    assert after["status"] == "declined"
    assert (await house.desk.find(closed)).status is TicketStatus.ARCHIVED
    await closed_now(house.desk, "next")
    morning = now().replace(hour=10) + timedelta(days=1)
    assert await house.desk.take_calls(by="robot", at=morning) == []


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"came": "rated"}, "grade"),
        ({"came": "rated", "grade": 6}, "grade"),
        ({"came": "rated", "grade": True}, "grade"),
        ({"came": "rated", "grade": 5, "service": 0}, "service"),
        ({"came": "vanished"}, "came"),
        ({}, "came"),
        ({"came": "declined", "forever": "yes"}, "forever"),
    ],
)
async def test_bad_input_is_refused_by_its_field(make_seat, closed, told, field):
    seat = await make_seat()
    (task,) = await due(seat)
    status, answer = await seat.post(f"{PATH}/{task['id']}", told)
    assert (status, answer["error"]["field"]) == (400, field)
    assert len(await due(seat)) == 1


async def test_a_call_back_that_is_not_there_and_a_role_that_may_not(make_seat, closed):
    seat = await make_seat()
    assert (await seat.post(f"{PATH}/999999", {"came": "later"}))[0] == 404
    assert (await seat.get(f"{PATH}?kind=x"))[0] == 400
    auditor = await make_seat("zhao", "auditor")
    assert (await auditor.get(PATH))[0] == 403
