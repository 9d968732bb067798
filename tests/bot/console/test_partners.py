"""Colleagues at one caller, over the desk's API."""

import pytest

from bot.console.parts import CONSOLE
from tests.bot.console.conftest import caller_waits, taken
from tests.bot.console.test_socket import Line


async def test_a_warm_transfer(make_seat, caller):
    mine, other = await make_seat("li"), await make_seat("wang")
    path = await taken(mine)
    status, offered = await mine.post(f"{path}/offer", {"to": "wang", "promised": "回电"})
    assert (status, offered["offered_to"]) == (200, "wang")
    assert len(offered["summary"].splitlines()) == 3
    assert [row["id"] for row in (await other.get("handoffs"))[1]["others"]] == [offered["id"]]
    assert (await other.get(f"{path}/case"))[0] == 200
    assert (await other.post(f"{path}/take", {}))[0] == 200
    assert (await mine.post(f"sessions/{caller.session}/say", {"id": "a", "text": "A"}))[0] == 403
    assert (await other.post(f"sessions/{caller.session}/say", {"id": "b", "text": "B"}))[0] == 200
    assert (await caller.until("turn"))["text"] == "B"


async def test_a_guest_speaks_along(make_seat, caller):
    mine, other = await make_seat("li"), await make_seat("wang")
    path = await taken(mine)
    say = f"sessions/{caller.session}/say"
    assert (await other.post(say, {"id": "a", "text": "A"}))[0] == 403
    assert (await mine.post(f"{path}/invite", {"guest": "wang"}))[0] == 200
    assert (await other.post(say, {"id": "b", "text": "B"}))[0] == 200
    assert (await caller.until("turn"))["text"] == "B"
    turns = (await mine.get(f"sessions/{caller.session}"))[1]["turns"]
    assert turns[-1]["agent"] == "wang"
    assert (await other.post(f"{path}/leave", {}))[0] == 200
    assert (await other.post(say, {"id": "c", "text": "C"}))[0] == 403


async def test_listening_whispering_and_taking_over_are_a_supervisors(house, make_seat, caller):
    mine, boss = await make_seat("li"), await make_seat("wu", "supervisor")
    path, notes = await taken(mine), f"sessions/{caller.session}/notes"
    whisper = {"kind": "whisper", "text": "W"}
    assert (await mine.post(notes, whisper))[0] == 403
    assert (await mine.post(f"{path}/takeover", {"reason": "r"}))[0] == 403
    assert (await boss.get(f"sessions/{caller.session}"))[0] == 200
    assert (await boss.post(notes, whisper))[0] == 201
    assert (await mine.get(f"{path}/case"))[1]["notes"][0]["text"] == "W"
    assert ("agent", "W") not in await house.turns(caller.session)
    assert (await boss.post(f"{path}/takeover", {"reason": ""}))[0] == 400
    assert (await boss.post(f"{path}/takeover", {"reason": "r"}))[0] == 200
    assert (await mine.post(f"sessions/{caller.session}/say", {"id": "a", "text": "A"}))[0] == 403
    async with house.store.read() as records:
        actions = [look.action for look in await records.audit.of(caller.session)]
    assert actions == ["taken_over", "listened", "caller_accepted"]


async def test_states_are_seen_by_colleagues(make_seat):
    seat, other = await make_seat("li"), await make_seat("wang")
    lines = [await Line.open(seat), await Line.open(other)]
    assert (await seat.post("state", {"state": "break"}))[0] == 200
    there = (await other.get("colleagues"))[1]["colleagues"]
    assert [(one["login"], one["state"]) for one in there] == [("li", "break"), ("wang", "idle")]
    assert (await seat.post("state", {"state": "asleep"}))[1]["error"]["field"] == "state"
    assert len(lines) == 2


async def test_writing_up_follows_a_talk(make_seat, caller):
    seat = await make_seat()
    line = await Line.open(seat)
    path = await taken(seat)
    await seat.post(f"{path}/release", {"to": "end"})
    assert (await seat.get("colleagues"))[1]["colleagues"][0]["state"] == "wrap_up"
    assert not line.socket.closed


async def test_nobody_gets_more_callers_than_the_switch_allows(make_seat, caller):
    await caller_waits(make_seat)
    boss, seat = await make_seat("wu", "supervisor"), await make_seat("li")
    told = {"name": "chats_at_once", "value": 1, "reason": "r"}
    assert (await boss.post("switches", told))[0] == 200
    await taken(seat)
    second = (await seat.get("handoffs"))[1]["waiting"][0]
    status, told = await seat.post(f"handoffs/{second['id']}/accept", {})
    assert (status, told["error"]["code"]) == (409, "full")


@pytest.mark.parametrize(("skills", "fits"), [(("mandarin",), False), (("cantonese",), True)])
async def test_callers_are_for_those_with_the_skill(house, make_seat, caller, skills, fits):
    attendance = house.app[CONSOLE].attendance
    await house.desk.hand_off(caller.session, reason="policy", summary="", skill="cantonese")
    await attendance.arrive("yue", "Y", ["cantonese"])
    await attendance.note(["yue"])
    await house.hire("li", skills=skills)
    seat = await make_seat("li", role=None)
    assert await seat.sign_in("li") == 200
    assert (await seat.get("handoffs"))[1]["waiting"][0]["fits"] is fits
