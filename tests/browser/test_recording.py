"""A call's recording in a real browser: its words light up as they are heard."""

import pytest
from playwright.async_api import expect

from bot.clock import now
from bot.console.recordings import RECORDINGS
from bot.recordings import RATE, Words
from bot.rules.session import Channel
from tests.browser.conftest import checked_shot, signed_in

pytestmark = pytest.mark.browser

SAID = (Words("bot", "您好", 0.0, 0.5), Words("caller", "路灯坏了", 1.0, 1.0))


async def test_the_words_of_a_call_light_up_while_it_plays(open_page, house):
    async with house.store.begin() as records:
        await records.sessions.begin("call-1", Channel.PHONE, "13800138000", now())
    writing = house.app[RECORDINGS].begin("call-1")
    writing.sound(b"\xff" * 2 * RATE * 3)
    for said in SAID:
        writing.words(said)
    writing.close()
    page = await signed_in(open_page, house, "wang", "supervisor")
    await page.goto(str(house.server.make_url("/desk/recording?session=call-1")))
    words = page.locator("#words li")
    await expect(words).to_have_count(2)
    await expect(page.locator("body[data-seconds]")).to_have_attribute("data-seconds", "3.0")
    await words.nth(1).locator("button").click()
    said = SAID[1]
    await page.wait_for_function(
        "at => document.querySelector('#sound').currentTime >= at", arg=said.at
    )
    await page.evaluate(
        "to => { const s = document.querySelector('#sound'); s.pause(); s.currentTime = to; }",
        said.at + 0.95 * said.seconds,
    )
    await expect(words.nth(1).locator(".lit")).to_have_count(4)
    await expect(words.nth(0).locator(".lit")).to_have_count(0)
    await checked_shot(page, "desk-recording")
    await page.goto(str(house.server.make_url("/desk/recording?session=none")))
    await expect(page.locator("#said")).to_be_visible()
