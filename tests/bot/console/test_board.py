"""What all pages show is looked up once and laid into each page's queue."""

import asyncio
import json

from bot.console.access import Seat
from bot.console.board import MOST_WAITING, Watcher
from bot.console.parts import CONSOLE
from tests.bot.channels.test_web import Page

AGENT = Seat("li", "li", "agent", ("mandarin",), "")


async def told(watcher, kind, seconds=10):
    async with asyncio.timeout(seconds):
        while (frame := json.loads(await watcher.frames.get()))["type"] != kind:
            pass
    return frame


def test_a_page_that_does_not_read_gets_one_gap_and_goes_on():
    watcher = Watcher(AGENT)
    for number in range(MOST_WAITING + 1):
        watcher.put(json.dumps({"type": "x", "n": number}))
    watcher.put("last")
    assert watcher.frames.get_nowait() == '{"type": "gap"}'
    assert watcher.frames.get_nowait() == "last"
    assert watcher.frames.empty()


async def test_late_tickets_and_missed_callers_are_counted_for_all(house, make_seat):
    board = house.app[CONSOLE].board
    with board.shown(AGENT) as first:
        assert await told(first, "counts") == {"type": "counts", "red": 0, "missed": 0}
        with board.shown(AGENT) as second:
            assert (await told(second, "counts"))["missed"] == 0  # known already
            page = await Page.open((await make_seat(role=None)).client)
            await page.say("人工")
            await page.until("done")
            session = page.token.split(".")[0]
            await house.desk.leave_number(session, "13800138000")
            for watcher in (first, second):
                assert (await told(watcher, "counts"))["missed"] == 1


async def test_each_page_gets_the_row_as_its_skills_have_it(house, make_seat, caller):
    board = house.app[CONSOLE].board
    attendance = house.app[CONSOLE].attendance
    await attendance.arrive("yue", "Y", ["cantonese"])
    await attendance.note(["yue"])
    cantonese = Seat("yue", "yue", "agent", ("cantonese",), "")
    with board.shown(AGENT) as mandarin, board.shown(cantonese) as yue:
        await house.desk.hand_off(caller.session, reason="policy", summary="", skill="cantonese")
        rows = [(await told(watcher, "handoff"))["row"] for watcher in (mandarin, yue)]
    assert [(row["skill"], row["fits"]) for row in rows] == [
        ("cantonese", False),
        ("cantonese", True),
    ]


async def test_a_page_that_left_is_told_nothing(house, caller):
    board = house.app[CONSOLE].board
    with board.shown(AGENT) as gone:
        pass
    with board.shown(AGENT) as there:
        await house.desk.abandon(caller.session)
        assert (await told(there, "handoff"))["row"] is None
    assert gone.frames.qsize() <= 1  # the counts that it was told when it came
