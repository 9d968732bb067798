"""漏接回拨 over the desk's API."""

import pytest


@pytest.fixture
async def entry(house, make_seat, caller):
    await caller.send({"type": "call_back", "phone": "139 0013 9000"})
    assert (await caller.until("call_back"))["phone"] == "139****9000"
    seat = await make_seat()
    return seat, (await seat.get("missed"))[1]["missed"][0]


async def test_a_number_left_in_the_queue_is_listed_masked(entry):
    seat, row = entry
    assert (row["why"], row["phone"]) == ("asked", "139****9000")
    assert "13900139000" not in str(await seat.get("missed"))
    assert (await seat.get("handoffs"))[1]["waiting"] == []


async def test_the_number_is_shown_for_a_reason_that_is_kept(house, entry):
    seat, row = entry
    path = f"missed/{row['id']}/number"
    assert (await seat.post(path, {"reason": " "}))[1]["error"]["field"] == "reason"
    assert (await seat.post(path, {"reason": "r"}))[1] == {"phone": "13900139000"}
    async with house.store.read() as records:
        looks = await records.audit.of(f"missed:{row['id']}")
    assert [(look.by, look.action, look.reason) for look in looks] == [("li", "number_seen", "r")]


async def test_a_call_back_is_done_once(entry):
    seat, row = entry
    path = f"missed/{row['id']}"
    assert (await seat.post(path, {"reached": "yes"}))[1]["error"]["field"] == "reached"
    assert (await seat.post(path, {"reached": True, "note": "n"}))[1]["status"] == "done"
    assert (await seat.post(path, {"reached": True}))[0] == 400
    assert (await seat.get("missed"))[1]["missed"] == []


async def test_a_number_that_is_none_is_refused_and_the_place_kept(make_seat, caller):
    await caller.send({"type": "call_back", "phone": "12"})
    assert (await caller.until("error"))["code"] == "phone_malformed"
    assert len((await (await make_seat()).get("handoffs"))[1]["waiting"]) == 1
