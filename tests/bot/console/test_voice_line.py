"""An agent speaks to a caller on the phone through the desk page; real sockets, real mixing."""

import asyncio
import json

import numpy as np
import pytest
from aiohttp import WSMsgType

from tests.bot.console.conftest import caller_waits, taken
from tests.bot.console.telephone import house_with_telephone
from tests.voice.fakes import Words

LOUD = np.full(320, 9000, "<i2").tobytes()


@pytest.fixture
async def house(tmp_path, live):
    async with house_with_telephone(tmp_path, live, Words(("在吗",))) as opened:
        yield opened


async def until_loud(socket, other=None):
    """Frames until one is loud; the other side's voice goes out meanwhile."""
    async with asyncio.timeout(20):
        while True:
            if other is not None:
                await other.send_bytes(LOUD)
            message = await socket.receive()
            assert message.type in (WSMsgType.BINARY, WSMsgType.TEXT), message
            if message.type is WSMsgType.BINARY and np.frombuffer(message.data, "<i2").max() > 5000:
                return


async def silent(socket, frames=20):
    """Whether the next frames are."""
    for _ in range(frames):
        message = await socket.receive(timeout=5)
        if message.type is WSMsgType.BINARY and np.frombuffer(message.data, "<i2").max() > 1000:
            return False
    return True


async def calls(make_seat):
    """Somebody on the phone who waits for a person."""
    seat = await make_seat(role=None)
    page = await seat.client.ws_connect("/ws/call")
    await page.send_bytes(bytes(640))
    await until_loud(page)
    await page.send_str(json.dumps({"event": "dtmf", "digit": "0"}))
    return page


async def waiting(seat):
    async with asyncio.timeout(20):
        while not (rows := (await seat.get("handoffs"))[1]["waiting"]):
            await asyncio.sleep(0.05)
    return rows[0]


def line(seat, session):
    return seat.client.ws_connect(f"/ws/desk/call?session={session}")


async def test_both_hear_each_other_and_the_machine_is_silent(house, make_seat):
    agent, caller = await make_seat("li"), await calls(make_seat)
    row = await waiting(agent)
    assert row["channel"] == "phone"
    await taken(agent)
    async with line(agent, row["session_id"]) as page:
        await until_loud(page, caller)
        await until_loud(caller, page)
        drained = asyncio.get_running_loop().time() + 0.5
        while asyncio.get_running_loop().time() < drained:
            await caller.receive()
        assert await silent(caller)
    handoff = (await agent.get("handoffs"))[1]["mine"][0]
    before = len(await house.turns(row["session_id"]))
    await agent.post(f"handoffs/{handoff['id']}/release", {"to": "bot"})
    await until_loud(caller)  # the machine again
    assert len(await house.turns(row["session_id"])) == before
    await caller.close()


async def test_another_agent_is_refused_and_a_supervisor_listens(house, make_seat):
    agent, other = await make_seat("li"), await make_seat("wang")
    boss, caller = await make_seat("wu", "supervisor"), await calls(make_seat)
    session = (await waiting(agent))["session_id"]
    await taken(agent)
    async with line(other, session) as page:
        assert (await page.receive_json())["code"] == "not_yours"
    async with line(agent, session) as page, line(boss, session) as ear:
        await until_loud(ear, caller)
        await page.send_bytes(LOUD)
        await until_loud(ear, page)
        drained = asyncio.get_running_loop().time() + 0.5
        while asyncio.get_running_loop().time() < drained:
            await caller.receive()
        for _ in range(5):
            await ear.send_bytes(LOUD)
        assert await silent(caller)
    async with house.store.read() as records:
        looks = await records.audit.by("wu")
    assert "listened" in [look.action for look in looks]
    await caller.close()


async def test_what_is_not_on_our_line_is_told(make_seat):
    agent = await make_seat()
    page = await caller_waits(make_seat)
    await taken(agent)
    async with line(agent, page.session) as socket:
        assert await socket.receive_json() == {"event": "refused", "code": "no_line"}
    async with line(agent, "nobody") as socket:
        assert (await socket.receive_json())["code"] == "not_yours"
