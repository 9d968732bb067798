"""Every page, in every state, light and dark: axe finds nothing serious or critical."""

import pytest
from playwright.async_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import signed_in
from tests.browser.test_desk import caller_asks
from tests.chromium import DESKTOP, PHONE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_chat(page, scheme):
    await page.emulate_media(color_scheme=scheme)
    await expect(page.locator(".turn.bot")).to_have_count(1)
    assert await violations(page) == []
    await page.fill("#text", "a")
    await page.press("#text", "Enter")
    await expect(page.locator("#quick button")).to_have_count(2)
    assert await violations(page) == []
    await page.fill("#text", "路灯坏了")
    await page.press("#text", "Enter")
    await expect(page.locator(".card")).to_be_visible()
    await page.click("#talk")
    await expect(page.locator("#talk")).to_have_class("talk recording")
    assert await violations(page) == []
    await page.wait_for_timeout(600)
    await page.click("#talk")
    await expect(page.locator("#heard")).to_be_visible()
    assert await violations(page) == []
    await page.click("#heard-drop")
    await page.click("#open-settings")
    assert await violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_desk(open_page, house, scheme):
    stranger = await open_page(house.server, "/desk", PHONE)
    await stranger.emulate_media(color_scheme=scheme)
    await expect(stranger.locator("#login")).to_be_visible()
    assert await violations(stranger) == []
    desk = await signed_in(open_page, house, "boss", "admin")
    await desk.emulate_media(color_scheme=scheme)
    await caller_asks(open_page, house, "人工")
    await caller_asks(open_page, house, "路灯坏了")
    await expect(desk.locator("#queue-waiting button.main")).to_be_visible()
    assert await violations(desk) == []
    await desk.locator("#queue-waiting button.main").click()
    await expect(desk.locator(".talk form")).to_be_visible()
    assert await violations(desk) == []
    await desk.click("[data-tab=tickets]")
    await desk.locator("#rows button").click()
    await expect(desk.locator("#one h2").first).to_contain_text("GZ")
    for size in (DESKTOP, PHONE):
        await desk.set_viewport_size(size)
        assert await violations(desk) == []
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not await desk.evaluate(wide)
    await desk.set_viewport_size(DESKTOP)
    for tab in ("missed", "floor", "quality", "switches", "audit", "agents"):
        await desk.click(f"[data-tab={tab}]")
        await expect(desk.locator(f"#{tab}")).to_be_visible()
        assert await violations(desk) == [], tab
        assert not await desk.evaluate(wide), tab
    await desk.locator("#switch-rows button").first.evaluate("button => button.click()")
    await expect(desk.locator("dialog[open]")).to_be_visible()
    assert await violations(desk) == []
