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


async def signed_in(open_page, house, login):
    await house.hire(login, "editor")
    page = await open_page(house.server, "/desk", DESKTOP)
    await page.fill("#login [name=login]", login)
    await page.fill("#login [name=password]", PASSWORD)
    await page.click("#login button")
    await page.click("a[href='/desk/knowledge']")
    return page


async def test_what_is_sent_back_tells_its_author_why(open_page, house, entries):
    editing = house.app[EDITING]
    await asyncio.to_thread(editing.base)
    await asyncio.to_thread(editing.editions, now().date())
    writer = await signed_in(open_page, house, "chen")
    await expect(writer.locator("#no-proposals")).to_be_visible()
    await expect(writer.locator("#sent-back-mark")).to_be_hidden()
    await writer.fill("#search [name=q]", "夜校几点开")
    await writer.press("#search [name=q]", "Enter")
    await writer.click("#matches [data-entry=school]")
    await expect(writer.locator("#preview")).to_have_text("六点")
    text = await writer.input_value("#edit [name=yaml]")
    await writer.fill("#edit [name=why]", "new hours")
    await writer.fill("#edit [name=yaml]", text.replace("六点", "七点"))
    await writer.click("#propose")
    await expect(writer.locator("#proposals li")).to_have_count(1)
    reader = await signed_in(open_page, house, "lin")
    await reader.click("[data-return='1'] button")  # without a reason nothing happens
    await expect(reader.locator("#proposals li")).to_have_count(1)
    await reader.fill("[data-return='1'] input", "no source")
    await reader.click("[data-return='1'] button")
    await expect(reader.locator("#proposals li")).to_have_count(0)
    await expect(reader.locator("#sent-back")).to_be_hidden()
    await writer.goto(str(house.server.make_url("/desk")))
    await expect(writer.locator("a[href='/desk/knowledge']")).to_contain_text("1")
    await writer.click("a[href='/desk/knowledge']")
    await expect(writer.locator("#sent-back-mark a")).to_contain_text("1")
    await expect(writer.locator("#returned li")).to_contain_text("no source")
    await checked_shot(writer, "knowledge-sent-back")
    await writer.click("#returned li button")
    await expect(writer.locator("#edit [name=yaml]")).to_have_value(re.compile("七点"))
    await writer.click("[data-aside='1']")
    await expect(writer.locator("#sent-back-mark")).to_be_hidden()


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
    page = await signed_in(open_page, house, "chen")
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
