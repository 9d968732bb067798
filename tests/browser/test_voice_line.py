"""A caller on the phone page and an agent at the desk, both in Chromium with a microphone."""

import numpy as np
import pytest
from playwright.async_api import expect

from tests.bot.console.telephone import house_with_telephone
from tests.browser.conftest import checked_shot, signed_in
from tests.chromium import DESKTOP, chromium
from tests.voice.fakes import Words
from tests.voice.speaking import say, silence
from voice import recordings

pytestmark = pytest.mark.browser


@pytest.fixture
async def house(tmp_path, live):
    async with house_with_telephone(tmp_path, live, Words(("人工", "在吗"))) as opened:
        yield opened


@pytest.fixture
async def browser(tmp_path):
    sound = tmp_path / "speech.wav"
    sound.write_bytes(recordings.wav(np.concatenate([silence(1.5), say("在吗"), silence(2)])))
    async with chromium(sound) as launched:
        yield launched


async def test_an_agent_answers_the_phone_in_the_desk_page(open_page, house):
    desk = await signed_in(open_page, house, "li")
    caller = await open_page(house.server, "/call", DESKTOP)
    await caller.get_by_role("button", name="拨打 12345").click()
    await desk.locator("#queue-waiting button.main").click()
    await expect(desk.locator(".line [role=status]")).to_contain_text("话筒已打开")
    await expect(desk.locator(".said li.caller").last).to_contain_text("在吗")
    await expect(desk.locator(".said li.agent").first).to_contain_text("在吗")
    await checked_shot(desk, "desk-phone")
    await desk.click(".line button")
    await expect(desk.locator(".line button")).to_have_attribute("aria-pressed", "true")
    await desk.click("[data-way=bot]")
    await expect(caller.get_by_role("status")).to_contain_text("通话中")
    await caller.get_by_role("button", name="挂断").click()
