"""The desk's live line: what changes is told; an agent who goes gives the caller back."""

import asyncio

import pytest

from tests.bot.channels.test_web import Page


class Line:
    """An agent's side of ``/ws/desk``."""

    def __init__(self, socket):
        self.socket = socket

    @classmethod
    async def open(cls, seat):
        line = cls(await seat.client.ws_connect("/ws/desk"))
        assert (await line.until("watching"))["topic"] == "desk"
        return line

    async def until(self, kind, seconds=30):
        async with asyncio.timeout(seconds):
            while (event := await self.socket.receive_json())["type"] != kind:
                pass
        return event


async def wait_for_person(make_seat):
    page = await Page.open((await make_seat(role=None)).client)
    await page.say("人工")
    await page.until("done")
    page.session = page.token.split(".")[0]
    return page


async def take_first(seat):
    handoff = (await seat.get("handoffs"))[1]["waiting"][0]
    assert (await seat.post(f"handoffs/{handoff['id']}/accept", {}))[0] == 200


async def test_a_new_caller_is_told_at_once(make_seat):
    line = await Line.open(await make_seat())
    page = await wait_for_person(make_seat)
    event = await line.until("handoff")
    assert (event["what"], event["session_id"]) == ("waiting", page.session)


async def test_what_a_watched_caller_says_is_told(make_seat):
    page = await wait_for_person(make_seat)
    line = await Line.open(await make_seat())
    await line.socket.send_json({"type": "watch", "session_id": page.session})
    assert (await line.until("watching"))["topic"] == "session"
    await page.say("B")
    event = await line.until("turn")
    assert event["session_id"] == page.session
    assert "text" not in event


@pytest.mark.parametrize(
    "frame", ["", "[]", "{}", '{"type":"watch"}', '{"type":"x","session_id":"y"}']
)
async def test_a_malformed_frame_is_refused(make_seat, frame):
    line = await Line.open(await make_seat())
    await line.socket.send_str(frame)
    assert (await line.until("error"))["code"] == "frame_malformed"


async def test_another_agents_caller_cannot_be_watched(make_seat):
    mine, other = await make_seat("li"), await make_seat("wang")
    page = await wait_for_person(make_seat)
    await take_first(mine)
    line = await Line.open(other)
    await line.socket.send_json({"type": "watch", "session_id": page.session})
    assert (await line.until("error"))["code"] == "not_yours"


async def test_a_stranger_and_another_site_get_no_line(make_seat):
    stranger = await make_seat(role=None)
    async with stranger.client.get("/ws/desk") as response:
        assert response.status == 401
    seat = await make_seat()
    async with seat.client.get("/ws/desk", headers={"Origin": "https://evil.example"}) as response:
        assert response.status == 403


async def test_the_caller_of_a_lost_agent_waits_in_front(make_seat):
    seat = await make_seat("li")
    line = await Line.open(seat)
    page, behind = await wait_for_person(make_seat), await wait_for_person(make_seat)
    await take_first(seat)
    await page.handler("agent", 30)
    await line.socket.close()
    await page.handler("waiting", 30)
    queue = (await (await make_seat("wang")).get("handoffs"))[1]["waiting"]
    assert [row["session_id"] for row in queue] == [page.session, behind.session]
    assert queue[0]["returned"] is True


async def test_an_agent_who_comes_back_in_time_keeps_the_caller(make_seat):
    seat = await make_seat("li")
    line = await Line.open(seat)
    page = await wait_for_person(make_seat)
    await take_first(seat)
    await line.socket.close()
    again = await Line.open(seat)
    with pytest.raises(TimeoutError):  # reads on, as a page does, and is told of nothing
        await again.until("handoff", 5)
    mine = (await seat.get("handoffs"))[1]["mine"]
    assert [row["session_id"] for row in mine] == [page.session]
