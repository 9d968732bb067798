"""A call from the page in a real Chromium, its microphone fed with speech."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import numpy as np
import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, async_playwright, expect

from bot.application import create_app
from bot.channels.chat import Chat
from bot.channels.phone import add_calls
from bot.clock import now
from bot.health import Health
from bot.live import Live
from tests.bot.channels.test_phone import talk, voice
from tests.chromium import CHROMIUM, PHONE
from tests.voice.fakes import Talk
from tests.voice.speaking import say, silence
from voice import recordings

pytestmark = pytest.mark.browser
__all__ = ["talk", "voice"]


@pytest.fixture
async def page(tmp_path: Path, chat: Chat, live: Live, voice: TestServer) -> AsyncIterator[Page]:
    """The call page, with somebody speaking into the microphone every few seconds."""

    async def count() -> None:
        return None

    spoken = tmp_path / "microphone.wav"
    spoken.write_bytes(
        recordings.wav(np.concatenate([silence(2.5), say("楼下半夜施工"), silence(4)]))
    )
    arguments = [
        "--no-sandbox",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={spoken}",
        "--autoplay-policy=no-user-gesture-required",
    ]
    async with aiohttp.ClientSession() as http, async_playwright() as playwright:
        app = create_app(chat, Health({}, now), count)
        add_calls(app, http, str(voice.make_url("")).rstrip("/"), live)
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        async with TestServer(app) as server:
            opened = await browser.new_page(viewport=PHONE, locale="zh-CN")
            wrong: list[str] = []
            opened.on("pageerror", lambda error: wrong.append(str(error)))
            await opened.goto(str(server.make_url("/call")))
            yield opened
            await browser.close()
            assert wrong == []


async def test_a_spoken_call_that_ends_with_a_person(page: Page, talk: Talk) -> None:
    await page.get_by_role("button", name="拨打 12345").click()
    state = page.get_by_role("status")
    await expect(state).to_contain_text("通话中", timeout=15_000)
    for _ in range(150):
        if talk.heard:
            break
        await page.wait_for_timeout(100)
    assert talk.heard[0].text == "楼下半夜施工"
    await page.get_by_role("button", name="按 0 转人工").click()
    await expect(state).to_contain_text("转接", timeout=15_000)
    assert talk.heard[-1].text == "人工"


async def test_hanging_up_ends_it_on_both_sides(page: Page, voice: TestServer) -> None:
    await page.get_by_role("button", name="拨打 12345").click()
    await expect(page.get_by_role("status")).to_contain_text("通话中", timeout=15_000)
    await page.get_by_role("button", name="挂断").click()
    await expect(page.get_by_role("status")).to_contain_text("已结束")
    async with aiohttp.ClientSession() as http:
        for _ in range(50):
            answer = await (await http.get(voice.make_url("/health"))).json()
            if not answer["calls"]:
                break
            await page.wait_for_timeout(100)
    assert answer["calls"] == 0
