"""The editors' page in a real browser: search, edit, publish, take back; a draft of a gap."""

import asyncio
import re

import pytest
from playwright.async_api import expect

from bot.clock import now
from bot.console.editing import EDITING
from bot.rules.session import Channel, Speaker
from tests.bot.console.house import PASSWORD
from tests.bot.console.test_knowledge import entries
from tests.browser.conftest import checked_shot
from tests.chromium import DESKTOP

pytestmark = pytest.mark.browser
__all__ = ["entries"]


async def test_an_editor_searches_changes_publishes_and_takes_back(open_page, house, entries):
    editing = house.app[EDITING]  # opened beforehand: a busy machine takes its time
    await asyncio.to_thread(editing.base)
    await asyncio.to_thread(editing.editions, now().date())
    gap = {"facts": {"gap": {"kind": "unknown", "district": "天河区"}}}
    async with house.store.begin() as records:
        await records.sessions.begin("s1", Channel.WEB, None, now())
        await records.turns.add(
            "s1", Speaker.CALLER, "怎么考导游证", now(), status="clarified", outcome=gap
        )
        await records.verdicts.give("s1", "school", helpful=False, channel="web", at=now())
    await house.hire("chen", "editor")
    page = await open_page(house.server, "/desk", DESKTOP)
    await page.fill("#login [name=login]", "chen")
    await page.fill("#login [name=password]", PASSWORD)
    await page.click("#login button")
    await page.click("a[href='/desk/knowledge']")
    await expect(page.locator("#gaps li")).to_have_count(1)
    await expect(page.locator("#verdicts [data-entry=school]")).to_have_text(
        re.compile("没用 1 · 有用 0")
    )
    await page.fill("#search [name=q]", "夜校几点开")
    await page.press("#search [name=q]", "Enter")
    await page.click("#matches [data-entry=school]")
    await expect(page.locator("#preview")).to_have_text("六点")
    text = await page.input_value("#edit [name=yaml]")
    await page.fill("#edit [name=why]", "new hours")
    await page.fill("#edit [name=yaml]", text.replace("六点", "<b>七点</b>"))
    await page.click("#edit button.main")
    await expect(page.locator("#problems li")).to_contain_text("HTML")
    await page.fill("#edit [name=yaml]", text.replace("六点", "七点"))
    await page.click("#propose")
    await expect(page.locator("#proposals li")).to_have_count(1)
    await page.click("#proposals [data-accept='1']")
    await expect(page.locator("#said")).to_contain_text("另一位编辑")
    await page.click("#edit button.main")
    await expect(page.locator("#preview")).to_have_text("七点")
    await expect(page.locator("#problems li")).to_have_count(0)
    await page.click("[data-show='1']")
    await expect(page.locator("#differences")).to_contain_text("+    answer: 七点")
    await checked_shot(page, "knowledge")
    await page.click("[data-back='1']")
    await expect(page.locator("#history li")).to_have_count(2)
    await expect(page.locator("#preview")).to_have_text("六点")
    await page.click("#gaps button")
    await expect(page.locator("#edit [name=yaml]")).to_have_value(
        re.compile('question: "怎么考导游证"')
    )
