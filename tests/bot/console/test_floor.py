"""The supervisor's pages over the API: now, switches, inspections, scores, the trail."""

import json

import pytest

from bot.clock import now
from tests.bot.console.conftest import taken
from tests.bot.console.test_socket import Line


async def test_the_floor_tells_who_waits_who_talks_and_who_is_there(make_seat, caller):
    seat, boss = await make_seat("li"), await make_seat("wu", "supervisor")
    line = await Line.open(seat)
    told = (await boss.get("floor"))[1]
    assert (told["waiting"], told["talks"]) == (1, [])
    assert told["longest_seconds"] > 0
    await taken(seat)
    told = (await boss.get("floor"))[1]
    assert (told["waiting"], [one["agent"] for one in told["talks"]]) == (0, ["li"])
    assert told["states"]["idle"] == 1
    assert told["connected"]["other"]["in_time"] == 1
    assert told["containment"] == {"sessions": 1, "kept": 0, "again": 0, "share": 0}
    assert set(told["lights"]) == {"green", "amber", "red"}
    assert told["health"]["status"] == "ok"
    assert not line.socket.closed


@pytest.mark.parametrize("path", ["floor", "switches", "inspections", "audit"])
async def test_the_supervisors_pages_are_not_an_agents(make_seat, path):
    assert (await (await make_seat()).get(path))[0] == 403


async def test_a_switch_is_set_told_and_kept(make_seat):
    seat = await make_seat("wu", "supervisor")
    body = {"name": "announcement", "value": "N", "reason": "r", "until": None}
    assert (await seat.post("switches", body))[0] == 200
    told = (await seat.get("switches"))[1]
    assert [one["by"] for one in told["history"]] == ["wu"]
    assert {one["name"]: one["value"] for one in told["switches"]}["announcement"] == "N"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"until": "x"}, "until"),
        ({"until": "2026-01-01T00:00:00"}, "until"),
        ({"until": "2026-01-01T00:00:00+08:00"}, "until"),
        ({"value": 7}, "value"),
        ({"name": "x"}, "name"),
        ({"reason": " "}, "reason"),
    ],
)
async def test_a_malformed_switch_is_refused(make_seat, change, field):
    seat = await make_seat("wu", "supervisor")
    body = {"name": "announcement", "value": "N", "reason": "r"} | change
    status, told = await seat.post("switches", body)
    assert (status, told["error"]["field"]) == (400, field)


async def test_talks_are_inspected_and_scored(make_seat, caller):
    seat, boss = await make_seat("li"), await make_seat("wu", "supervisor")
    path = await taken(seat)
    say = {"id": "a", "text": "我保证解决"}
    await seat.post(f"sessions/{caller.session}/say", say)
    await seat.post(f"{path}/release", {"to": "end"})
    talk = (await boss.get("inspections"))[1]["talks"][0]
    assert talk["agent"] == "li"
    assert "promise" in {one["rule"] for one in talk["findings"]}
    score = f"sessions/{caller.session}/score"
    points = {"politeness": 5, "accuracy": 4, "ticket": 3}
    assert (await seat.post(score, {"points": points}))[0] == 403
    for _ in range(2):
        assert (await boss.post(score, {"points": points, "note": "n"}))[0] == 201
    scored = (await boss.get("inspections?days=7"))[1]["talks"][0]["scores"]
    assert [(one["by"], one["agent"], one["points"]) for one in scored] == [("wu", "li", points)]


@pytest.mark.parametrize(
    "points", [None, {}, {"politeness": 5}, {"politeness": 6, "accuracy": 1, "ticket": True}]
)
async def test_a_malformed_score_is_refused(make_seat, caller, points):
    boss = await make_seat("wu", "supervisor")
    status, told = await boss.post(f"sessions/{caller.session}/score", {"points": points})
    assert (status, told["error"]["field"]) == (400, "points")


async def test_a_talk_can_be_held_again_with_invented_numbers(make_seat, caller):
    await caller.say("灯坏了，电话13912345678")
    await caller.until("done")
    li, boss = await make_seat("li"), await make_seat("wu", "supervisor")
    await taken(li)
    await caller.say("给坐席说的")
    await caller.until("done")
    await li.post(f"sessions/{caller.session}/say", {"id": "a" * 8, "text": "您好"})
    await caller.say("只给坐席")
    await caller.until("done")
    path = f"sessions/{caller.session}/replay"
    async with boss.client.get(f"/api/desk/{path}") as answer:
        line = json.loads(await answer.text())
    assert line["id"] == caller.session
    assert line["turns"] == ["人工", "灯坏了，电话13800138000"]
    assert (await li.get(path))[0] == 403
    trail = (await boss.get(f"audit?subject={caller.session}"))[1]["looks"]
    assert ("wu", "replay_taken") in [(look["by"], look["action"]) for look in trail]


async def test_the_trail_is_read_by_who_and_by_what(house, make_seat, caller):
    seat, auditor = await make_seat("li"), await make_seat("shen", "auditor")
    await taken(seat)
    by = (await auditor.get("audit?by=li"))[1]["looks"]
    assert [look["action"] for look in by] == ["caller_accepted", "signed_in"]
    about = (await auditor.get(f"audit?subject={caller.session}"))[1]["looks"]
    assert [look["by"] for look in about] == ["li"]
    assert by[0]["at"] <= now().isoformat()
