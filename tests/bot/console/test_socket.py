"""The desk's live line: what changes is told; an agent who goes gives the caller back."""

import asyncio
from contextlib import suppress

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


async def watched(make_seat, login, page):
    line = await Line.open(await make_seat(login))
    await line.socket.send_json({"type": "watch", "session_id": page.session})
    assert (await line.until("watching"))["topic"] == "session"
    return line


async def test_who_has_the_caller_is_told_the_words_and_numbers_stay_masked(make_seat):
    page, seat = await wait_for_person(make_seat), await make_seat()
    await take_first(seat)
    line = await Line.open(seat)
    await line.socket.send_json({"type": "watch", "session_id": page.session})
    await line.until("watching")
    await page.say("13800138000")
    (turn,) = (await line.until("turn"))["turns"]
    assert (turn["speaker"], turn["text"]) == ("caller", "138****8000")
    await seat.post(f"sessions/{page.session}/numbers", {"reason": "r"})
    await line.socket.send_json({"type": "watch", "session_id": page.session})
    await page.say("13800138000")
    assert (await line.until("turn"))["turns"][0]["text"] == "13800138000"


async def test_who_read_along_is_told_nothing_once_a_colleague_has_the_caller(make_seat):
    page = await wait_for_person(make_seat)
    along, mine = await watched(make_seat, "wang", page), await make_seat("li")
    await take_first(mine)
    await page.handler("agent", 30)
    assert (await along.until("handoff"))["what"] == "accepted"
    await page.say("B")
    await page.until("done")
    await (await make_seat("zhao")).post("state", {"state": "idle"})
    with pytest.raises(TimeoutError):
        await along.until("turn", 0.5)


async def test_the_row_goes_to_whom_it_concerns(make_seat):
    li, wang, boss = (
        await make_seat("li"),
        await make_seat("wang"),
        await make_seat("wu", "supervisor"),
    )
    lines = [await Line.open(seat) for seat in (li, wang, boss)]
    page = await wait_for_person(make_seat)
    waiting = [(await line.until("handoff"))["row"] for line in lines]
    assert [row["session_id"] for row in waiting] == [page.session] * 3
    await take_first(li)
    rows = [(await line.until("handoff"))["row"] for line in lines]
    assert [row and row["agent"] for row in rows] == ["li", None, "li"]


async def test_an_editor_hears_of_no_callers(make_seat):
    line = await Line.open(await make_seat("chen", "editor"))
    await wait_for_person(make_seat)
    with pytest.raises(TimeoutError):
        await line.until("handoff", 0.5)


async def test_only_oneself_is_told_of_ones_state(make_seat):
    li, wang = await make_seat("li"), await make_seat("wang")
    mine, other = await Line.open(li), await Line.open(wang)
    await li.post("state", {"state": "break"})
    assert (await mine.until("state"))["state"] == "break"
    with pytest.raises(TimeoutError):
        await other.until("state", 0.5)


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


async def test_a_page_that_no_longer_answers_is_gone(make_seat):
    seat = await make_seat("li")
    silent = await seat.client.ws_connect("/ws/desk", autoping=False)
    page = await wait_for_person(make_seat)
    await take_first(seat)
    await page.handler("agent", 30)
    await page.handler("waiting", 30)
    assert not silent.closed  # it never said goodbye


async def test_an_agent_who_comes_back_in_time_keeps_the_caller(make_seat):
    seat = await make_seat("li")
    line = await Line.open(seat)
    page = await wait_for_person(make_seat)
    await take_first(seat)
    await line.socket.close()
    again = await Line.open(seat)
    told = []
    with suppress(TimeoutError):  # reads on, as a page does
        async with asyncio.timeout(5):
            while True:
                told.append(await again.socket.receive_json())
    assert {event["what"] for event in told if event["type"] == "handoff"} <= {"accepted"}
    mine = (await seat.get("handoffs"))[1]["mine"]
    assert [row["session_id"] for row in mine] == [page.session]
