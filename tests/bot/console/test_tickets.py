"""Tickets over the desk's API: by remaining time, masked, transferred once."""

import asyncio

import pytest

from bot.clock import now
from bot.rules.session import Channel
from bot.rules.ticket import Draft


@pytest.fixture
async def ticket(house):
    async with house.store.begin() as records:
        await records.sessions.begin("s1", Channel.WEB, None, now())
    draft = Draft(
        content="路灯坏了 13800138000", address="车陂路1号", name="陈小明", phone="13800138000"
    )
    return await house.desk.open(draft, key="k", session_id="s1", by="machine")


async def test_the_list_has_lights_and_no_personal_data(make_seat, ticket):
    seat = await make_seat()
    status, told = await seat.get("tickets?waiting=1")
    assert status == 200
    row = told["tickets"][0]
    assert row["ticket_no"] == ticket.ticket_no
    assert row["light"] == "green"
    assert row["running_due_at"] == ticket.transfer_due_at.isoformat()
    assert "13800138000" not in str(told)
    assert (await seat.get("tickets?waiting=1&light=red"))[1]["tickets"] == []
    whole = await seat.get(f"tickets/{ticket.ticket_no}")
    assert "13800138000" not in str(whole)
    assert "陈小明" not in str(whole)


async def test_name_and_number_are_shown_for_a_reason_that_is_kept(house, make_seat, ticket):
    seat = await make_seat()
    path = f"tickets/{ticket.ticket_no}/identity"
    assert (await seat.post(path, {}))[0] == 400
    assert (await seat.post(path, {"reason": " "}))[1]["error"]["code"] == "sealed"
    status, known = await seat.post(path, {"reason": "r"})
    assert (status, known) == (200, {"name": "陈小明", "phone": "13800138000"})
    async with house.store.read() as records:
        looks = await records.audit.of(ticket.ticket_no)
    assert [(look.by, look.action) for look in looks] == [
        ("li", "identity_seen"),
        ("li", "identity_refused"),
    ]


async def test_a_transfer_goes_through_once(house, make_seat, ticket):
    seat = await make_seat()
    unit = sorted(house.desk.units)[0]
    path = f"tickets/{ticket.ticket_no}/transfer"
    assert (await seat.post(path, {"unit": "nobody"}))[1]["error"]["code"] == "unknown_unit"
    body = {"unit": unit, "version": ticket.version}
    answers = await asyncio.gather(*(seat.post(path, body) for _ in range(5)))
    assert sorted(status for status, _ in answers) == [200, 409, 409, 409, 409]
    whole = (await seat.get(f"tickets/{ticket.ticket_no}"))[1]
    assert (whole["status"], whole["lead_unit"]) == ("transferred", unit)
    assert [event["event"] for event in whole["history"]][-1] == "transfer"
    assert whole["history"][-1]["by"] == "li"


@pytest.mark.parametrize(
    ("role", "status"), [("auditor", 403), ("editor", 403), ("agent", 400), ("supervisor", 400)]
)
async def test_who_may_transfer(make_seat, ticket, role, status):
    seat = await make_seat("li", role)
    answer = await seat.post(f"tickets/{ticket.ticket_no}/transfer", {"unit": "nobody"})
    assert answer[0] == status


async def test_supervision_is_a_supervisors(make_seat, ticket):
    order = {"command": "supervise", "reason": "r", "way": "supervision"}
    path = f"tickets/{ticket.ticket_no}/orders"
    agent = await make_seat("li")
    assert (await agent.post(path, order))[0] == 403
    boss = await make_seat("wu", "supervisor")
    status, whole = await boss.post(path, order)
    assert (status, whole["supervised"]) == (200, True)
    assert (await boss.post(path, {"command": "x"}))[0] == 400


@pytest.mark.parametrize("path", ["tickets/none", "tickets?limit=x", "tickets?offset=-1"])
async def test_what_is_not_there_or_malformed(make_seat, path):
    seat = await make_seat()
    status, told = await seat.get(path)
    assert status in (400, 404)
    assert told["error"]["code"] in ("not_found", "field_malformed")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ([], "body_malformed"),
        ("x", "body_malformed"),
        ({"unit": 7}, "field_missing"),
        ({"unit": "u" * 1_000}, "field_too_long"),
        ({"unit": "u", "version": "1"}, "field_malformed"),
    ],
)
async def test_a_malformed_body_is_refused(make_seat, ticket, body, code):
    seat = await make_seat()
    status, told = await seat.post(f"tickets/{ticket.ticket_no}/transfer", body)
    assert (status, told["error"]["code"]) == (400, code)


async def test_a_body_that_is_too_big_is_refused(make_seat, ticket):
    seat = await make_seat()
    body = {"unit": "u" * 1_000_000}
    assert (await seat.post(f"tickets/{ticket.ticket_no}/transfer", body))[0] == 413


async def test_a_caller_is_forgotten_on_request_once_it_is_finished(house, make_seat, ticket):
    agent = await make_seat()
    path = f"tickets/{ticket.ticket_no}/forget"
    assert (await agent.post(path, {"reason": "r"}))[0] == 403
    seat = await make_seat("wang", "supervisor")
    assert (await seat.post(path, {"reason": "r"}))[1]["error"]["code"] == "not_finished"
    await house.desk.withdraw(ticket.ticket_no, by="caller")
    assert (await seat.post(path, {"reason": " "}))[1]["error"]["field"] == "reason"
    status, left = await seat.post(path, {"reason": "r"})
    assert (status, left["draft"]["phone"], left["draft"]["address"]) == (200, "", "")
    assert left["intact"] is True
