"""Who else looks at a ticket, what it may be merged into, many transferred at once."""

import pytest

from bot.clock import now
from bot.rules.session import Channel
from bot.rules.ticket import Draft


@pytest.fixture
async def tickets(house):
    async with house.store.begin() as records:
        await records.sessions.begin("s1", Channel.WEB, None, now())
    draft = Draft(
        content="路灯坏了", category="市政设施/路灯", district="天河区", street="车陂街道"
    )
    return [
        (await house.desk.open(draft, key=key, session_id="s1", by="machine")).ticket_no
        for key in ("a", "b", "c")
    ]


async def test_two_at_one_ticket_see_each_other(make_seat, tickets):
    mine, other = await make_seat("li"), await make_seat("wang")
    path = f"tickets/{tickets[0]}/lookers"
    assert (await mine.post(path, {}))[1] == {"others": []}
    assert (await other.post(path, {}))[1] == {"others": ["li"]}
    assert (await mine.post(path, {}))[1] == {"others": ["wang"]}
    assert (await mine.post(f"tickets/{tickets[1]}/lookers", {}))[1] == {"others": []}
    assert (await mine.post("tickets/none/lookers", {}))[0] == 404


async def test_merges_are_proposed(make_seat, tickets):
    seat = await make_seat()
    found = (await seat.get(f"tickets/{tickets[2]}/duplicates"))[1]["tickets"]
    assert {row["ticket_no"] for row in found} == set(tickets[:2])


async def test_many_are_transferred_each_by_itself(house, make_seat, tickets):
    seat = await make_seat()
    unit = sorted(house.desk.units)[0]
    await house.desk.withdraw(tickets[1], by="caller")
    body = {"tickets": [*tickets, "none"], "unit": unit}
    status, told = await seat.post("transfers", body)
    assert status == 200
    came = {number: one["transferred"] for number, one in told["tickets"].items()}
    assert came == {tickets[0]: True, tickets[1]: False, tickets[2]: True, "none": False}
    assert (await house.desk.find(tickets[2])).lead_unit == unit


@pytest.mark.parametrize("numbers", [[], "x", ["a"] * 101, None])
async def test_how_many_is_bounded(make_seat, numbers):
    status, told = await (await make_seat()).post("transfers", {"tickets": numbers, "unit": "u"})
    assert (status, told["error"]["field"]) == (400, "tickets")
