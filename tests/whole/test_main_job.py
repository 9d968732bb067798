"""A newcomer's first visit: the running hotline in a real browser, typed to and spoken to."""

import wave
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.conftest import shot
from tests.chromium import PHONE, chromium
from tests.hotline import Hotline
from voice.audio import to_bytes
from voice.local_voice import LocalVoice

pytestmark = [
    pytest.mark.rasa,
    pytest.mark.browser,
    pytest.mark.speech,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(600),
]

SPOKEN = "我要反映,天河区的路灯坏了"
PATIENCE = 8  # answers until a report is complete


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(running: Hotline, tmp_path: Path) -> AsyncIterator[Page]:
    """The chat page on a phone whose microphone hears somebody report a street lamp."""
    voice = LocalVoice()
    spoken = to_bytes(await voice.speak(SPOKEN))
    await voice.close()
    microphone = tmp_path / "report.wav"
    with wave.open(str(microphone), "wb") as out:
        out.setparams((1, 2, 16_000, 0, "NONE", ""))
        out.writeframes(bytes(16_000) + spoken + bytes(64_000))
    async with chromium(microphone) as browser:
        context = await browser.new_context(viewport=PHONE, locale="zh-CN")
        page = await context.new_page()
        await page.goto(running.base)
        await expect(page.locator(".turn.bot")).to_have_count(1)
        yield page


async def said(page: Page) -> str:
    """The last words of the hotline, once it has finished speaking."""
    await expect(page.locator("#typing")).to_be_hidden()
    return await page.locator(".turn.bot .what").last.inner_text()


async def tell(page: Page, text: str) -> str:
    """Type it, and read what is said to it."""
    before = await page.locator(".turn.bot").count()
    await page.fill("#text", text)
    await page.press("#text", "Enter")
    await expect(page.locator(".turn.bot").nth(before)).to_be_visible()
    return await said(page)


async def finish(page: Page, answers: dict[str, str]) -> None:
    """Answer what is asked, by its first word that stands in the question, until the card."""
    for _ in range(PATIENCE):
        if await page.locator(".card").count():
            return
        asked = await said(page)
        await tell(page, next(answer for word, answer in answers.items() if word in asked))
    raise AssertionError(await said(page))


ANSWERS = {
    "对吗": "对的",
    "保密": "不用保密",
    "称呼": "我姓陈",
    "电话": "13800138000",
    "什么时候": "昨天晚上开始",
    "哪": "天河区棠德南路12号门口",
    "": "对的",
}


async def test_a_typed_report_becomes_a_ticket(visitor: Page, running: Hotline) -> None:
    before = await running.tickets()
    await tell(visitor, "天河区棠下村棠德南路12号门口的路灯坏了三天了")
    await finish(visitor, ANSWERS)
    await expect(visitor.locator(".card").first).to_contain_text("GZ")
    await shot(visitor, "whole-typed-ticket")
    assert await running.tickets() == before + 1


async def test_a_spoken_report_becomes_a_ticket(visitor: Page, running: Hotline) -> None:
    before = await running.tickets()
    await visitor.click("#talk")
    await expect(visitor.locator("#talk")).to_have_class("talk recording")
    await visitor.wait_for_timeout(4_500)  # as long as the microphone hears somebody speak
    await visitor.click("#talk")
    heard = visitor.locator("#heard-text")
    await expect(heard).to_be_visible()
    assert "路灯" in await heard.input_value()
    await shot(visitor, "whole-spoken-heard")
    await visitor.click("#heard-send")
    await expect(visitor.locator(".turn.bot")).not_to_have_count(1)
    await finish(visitor, ANSWERS)
    await shot(visitor, "whole-spoken-ticket")
    assert await running.tickets() == before + 1
