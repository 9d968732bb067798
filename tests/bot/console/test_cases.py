"""A caller as the agent sees them, and the draft that becomes a ticket."""

import asyncio

import pytest

from tests.bot.console.conftest import taken


async def test_a_case_tells_what_is_missing_and_what_to_say(make_seat, caller):
    await caller.say("我要投诉，昨晚天河区车陂路1号的灯坏了，电话13800138000")
    await caller.until("done")
    seat = await make_seat()
    path = await taken(seat)
    status, case = await seat.get(f"{path}/case")
    assert status == 200
    assert case["draft"] == {"address": "车陂路1号"}
    assert "matter" in case["missing"]
    assert {"phone", "time", "district"} <= {hint["field"] for hint in case["hints"]}
    assert case["next"][0].startswith("您好")
    assert case["canned"]
    assert set(case["proposal"]) == {"category", "unit", "confidence"}
    assert case["earlier"] == {"number": [], "place": []}


async def test_entries_follow_the_last_words(make_seat, caller):
    await caller.say("社保卡丢了怎么补办")
    await caller.until("done")
    seat = await make_seat()
    path = await taken(seat)
    async with asyncio.timeout(60):  # the base is opened at the first question
        while not (found := (await seat.get(f"{path}/case"))[1]["entries"]):
            await asyncio.sleep(0.5)
    assert "社保卡" in found[0]["question"]
    assert found[0]["answer"]


async def test_a_draft_is_filled_and_filed(make_seat, caller):
    seat = await make_seat()
    path = await taken(seat)
    fields = {
        "matter": "灯不亮",
        "district": "天河区",
        "place": "车陂路1号",
        "phone": "13800138000",
    }
    status, told = await seat.post(f"{path}/draft", {"fields": fields})
    assert status == 200
    assert "matter" not in told["missing"]
    status, ticket = await seat.post(f"{path}/ticket", {"key": "k"})
    assert (status, ticket["content"]) == (201, "灯不亮")
    assert "13800138000" not in str(ticket)
    again = await seat.post(f"{path}/ticket", {"key": "k"})
    assert again[1]["ticket_no"] == ticket["ticket_no"]
    case = (await seat.get(f"{path}/case"))[1]
    assert [row["ticket_no"] for row in case["earlier"]["number"]] == [ticket["ticket_no"]]


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"x": "y"}, "x"), ({"matter": 7}, "matter"), ({"place": "p" * 501}, "place")],
)
async def test_a_malformed_draft_is_refused(make_seat, caller, fields, field):
    seat = await make_seat()
    status, told = await seat.post(f"{await taken(seat)}/draft", {"fields": fields})
    assert (status, told["error"]["field"]) == (400, field)


async def test_anothers_case_is_closed(make_seat, caller):
    mine, other = await make_seat("li"), await make_seat("wang")
    path = await taken(mine)
    answers = [
        await other.get(f"{path}/case"),
        await other.post(f"{path}/draft", {"fields": {"matter": "x"}}),
        await other.post(f"{path}/ticket", {"key": "k"}),
    ]
    assert [(status, told["error"]["code"]) for status, told in answers] == [(403, "not_yours")] * 3


async def test_a_supervisor_sees_the_draft_masked(make_seat, caller):
    mine, boss = await make_seat("li"), await make_seat("wu", "supervisor")
    path = await taken(mine)
    await mine.post(f"{path}/draft", {"fields": {"phone": "13800138000", "name": "陈小明"}})
    case = (await boss.get(f"{path}/case"))[1]
    assert case["draft"]["phone"] == "138****8000"
    assert "陈小明" not in str(case)
    assert case["next"] == []
