"""Callers at the desk: taken once, talked to, given back; nobody else's are to be seen."""

import asyncio

import pytest

from tests.bot.channels.test_web import Page


@pytest.fixture
async def caller(make_seat):
    """A caller who has asked for a person, on the chat's WebSocket."""
    page = await Page.open((await make_seat(role=None)).client)
    await page.say("人工")
    await page.until("done")
    page.session = page.token.split(".")[0]
    return page


async def first(seat, where="waiting"):
    return (await seat.get("handoffs"))[1][where][0]


async def test_a_caller_is_taken_talked_to_and_given_back(make_seat, caller):
    seat = await make_seat()
    handoff = await first(seat)
    assert (handoff["session_id"], handoff["reason"]) == (caller.session, "asked")
    assert (await seat.post(f"handoffs/{handoff['id']}/accept", {}))[0] == 200
    await caller.handler("agent")
    path = f"sessions/{caller.session}"
    body = {"id": "a" * 8, "text": "A"}
    assert (await seat.post(f"{path}/say", body))[0] == 200
    assert (await seat.post(f"{path}/say", body))[1] == {"repeated": True}
    told = await caller.until("turn")
    assert (told["speaker"], told["text"]) == ("agent", "A")
    await caller.say("B")
    assert (await caller.until("done"))["status"] == "with_agent"
    said = [(turn["speaker"], turn["text"]) for turn in (await seat.get(path))[1]["turns"]]
    assert said[-2:] == [("agent", "A"), ("caller", "B")]
    assert (await seat.post(f"handoffs/{handoff['id']}/release", {"to": "bot"}))[0] == 200
    await caller.handler("bot")
    await caller.say("C")
    assert (await caller.until("done"))["status"] == "answered"


async def test_only_one_of_many_gets_the_caller(make_seat, caller):
    seats = [await make_seat(f"agent{n}") for n in range(4)]
    path = f"handoffs/{(await first(seats[0]))['id']}/accept"
    answers = await asyncio.gather(*(seat.post(path, {}) for seat in seats))
    assert sorted(status for status, _ in answers) == [200, 409, 409, 409]
    codes = {told["error"]["code"] for status, told in answers if status != 200}
    assert codes == {"already_accepted"}


async def test_another_agents_conversation_is_closed_to_me(house, make_seat, caller):
    mine, other = await make_seat("li"), await make_seat("wang")
    number = (await first(mine))["id"]
    await mine.post(f"handoffs/{number}/accept", {})
    path = f"sessions/{caller.session}"
    refused = [
        await other.get(path),
        await other.post(f"{path}/say", {"id": "a" * 8, "text": "A"}),
        await other.post(f"handoffs/{number}/release", {}),
    ]
    assert [(status, told["error"]["code"]) for status, told in refused] == [(403, "not_yours")] * 3
    boss = await make_seat("wu", "supervisor")
    assert (await boss.get(path))[0] == 200
    assert ("agent", "A") not in await house.turns(caller.session)


async def test_a_waiting_callers_numbers_are_masked(make_seat, caller):
    await caller.say("13800138000")
    await caller.until("done")
    seat = await make_seat()
    path = f"sessions/{caller.session}"
    assert "13800138000" not in str(await seat.get(path))
    handoff = await first(seat)
    await seat.post(f"handoffs/{handoff['id']}/accept", {})
    assert "13800138000" not in str(await seat.get(path))
    await seat.post(f"{path}/numbers", {"reason": "r"})
    assert "13800138000" in str(await seat.get(path))


async def test_an_auditor_takes_no_callers(make_seat, caller):
    seat = await make_seat("li", "auditor")
    assert (await seat.get("handoffs"))[0] == 403
    assert (await seat.post("handoffs/1/accept", {}))[0] == 403


@pytest.mark.parametrize("number", ["0", "999", "9" * 30])
async def test_no_such_handoff(make_seat, number):
    seat = await make_seat()
    assert (await seat.post(f"handoffs/{number}/accept", {}))[0] in (400, 404)


async def test_markup_stays_text(make_seat, caller):
    await caller.say("<script>alert(1)</script>")
    await caller.until("done")
    seat = await make_seat()
    said = (await seat.get(f"sessions/{caller.session}"))[1]["turns"]
    assert any(turn["text"] == "<script>alert(1)</script>" for turn in said)


async def test_a_waiting_caller_is_told_the_place(make_seat, caller):
    behind = await Page.open((await make_seat(role=None)).client)
    await behind.say("人工")
    assert (await behind.handler("waiting"))["place"] == 2
    seat = await make_seat()
    handoff = await first(seat)
    assert handoff["session_id"] == caller.session
    await seat.post(f"handoffs/{handoff['id']}/accept", {})
    assert (await behind.handler("waiting"))["place"] == 1


async def test_looks_at_what_is_not_ones_own_are_on_the_trail(house, make_seat, caller):
    li, boss = await make_seat("li"), await make_seat("wu", "supervisor")
    path = f"sessions/{caller.session}"
    for seat in (li, li, boss):
        assert (await seat.get(path))[0] == 200
    async with house.store.read() as records:
        looks = [(one.by, one.action) for one in await records.audit.of(caller.session)]
    assert sorted(looks) == [("li", "read_along"), ("wu", "listened")]
