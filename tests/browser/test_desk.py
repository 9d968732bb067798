"""The desk in a real browser: signing in, the ticket list, taking a caller over and back."""

import pytest
from playwright.async_api import expect

from tests.bot.console.house import PASSWORD
from tests.browser.conftest import shot, signed_in
from tests.chromium import PHONE

pytestmark = pytest.mark.browser


async def caller_asks(open_page, house, text="人工"):
    page = await open_page(house.server)
    await expect(page.locator(".turn.bot")).to_have_count(1)
    await page.fill("#text", text)
    await page.press("#text", "Enter")
    await expect(page.locator(".turn.bot")).to_have_count(2)
    return page


async def test_signing_in_shows_the_desk_and_signing_out_hides_it(open_page, house):
    page = await open_page(house.server, "/desk")
    await expect(page.locator("#login")).to_be_visible()
    await shot(page, "desk-login")
    await page.fill("#login [name=login]", "li")
    await page.fill("#login [name=password]", "wrong")
    await page.click("#login button")
    await expect(page.locator("#said")).to_be_visible()
    await house.hire("li")
    await page.fill("#login [name=password]", PASSWORD)
    await page.click("#login button")
    await expect(page.locator("#callers")).to_be_visible()
    await page.click("#sign-out")
    await expect(page.locator("#login")).to_be_visible()


async def test_an_agent_takes_over_talks_and_gives_back(open_page, house):
    desk = await signed_in(open_page, house, "li")
    caller = await caller_asks(open_page, house)
    accept = desk.locator("#queue-waiting button.main")
    await expect(accept).to_be_visible()
    await shot(desk, "desk-waiting")
    await accept.click()
    await expect(desk.locator(".talk form")).to_be_visible()
    await expect(caller.locator("body")).to_have_attribute("data-handler", "agent")
    await desk.keyboard.type("A")
    await desk.keyboard.press("Enter")
    await expect(caller.locator(".turn.agent .what")).to_have_text("A")
    await caller.fill("#text", "B")
    await caller.press("#text", "Enter")
    await expect(desk.locator(".said li.caller").last).to_contain_text("B")
    await expect(caller.locator(".turn.bot")).to_have_count(2)
    await shot(desk, "desk-talk")
    await shot(caller, "chat-agent")
    await desk.click("[data-way=bot]")
    await expect(caller.locator("body")).to_have_attribute("data-handler", "bot")
    await caller.fill("#text", "C")
    await caller.press("#text", "Enter")
    await expect(caller.locator(".turn.bot")).to_have_count(3)


async def test_the_caller_of_a_crashed_tab_is_offered_to_another(open_page, house):
    first = await signed_in(open_page, house, "li")
    second = await signed_in(open_page, house, "wang")
    caller = await caller_asks(open_page, house)
    await first.locator("#queue-waiting button.main").click()
    await expect(caller.locator("body")).to_have_attribute("data-handler", "agent")
    await expect(second.locator("#queue-waiting button.main")).to_have_count(0)
    await first.close()
    await expect(second.locator("#queue-waiting button.main")).to_be_visible()
    await expect(caller.locator("body")).to_have_attribute("data-handler", "waiting")
    await second.locator("#queue-waiting button.main").click()
    await expect(second.locator(".said li.caller").first).to_contain_text("人工")


async def test_a_ticket_is_listed_with_its_light_and_transferred(open_page, house):
    desk = await signed_in(open_page, house, "li")
    await caller_asks(open_page, house, "路灯坏了")
    await desk.click("[data-tab=tickets]")
    row = desk.locator("#rows tr")
    await expect(row).to_have_count(1)
    await expect(row.locator(".light")).to_have_class("light green")
    await caller_asks(open_page, house, "路灯又坏了")
    await expect(row).to_have_count(2)
    await row.first.locator("button").click()
    await expect(desk.locator("#one h2").first).to_contain_text("GZ")
    assert "13800138000" not in await desk.content()
    await shot(desk, "desk-tickets")
    await desk.locator("#one summary").first.click()
    await desk.fill("#one details [name=reason]", "r")
    await desk.locator("#one details button").first.click()
    await expect(desk.locator("#one")).to_contain_text("13800138000")
    unit = sorted(house.desk.units)[0]
    await desk.fill("#one form[data-order=transfer] [name=unit]", unit)
    await desk.locator("#one form[data-order=transfer] button").click()
    await expect(row).to_have_count(1)
    await expect(desk.locator("#one .history")).to_contain_text("li")
    await desk.set_viewport_size(PHONE)
    await shot(desk, "desk-tickets-phone")


async def test_a_stale_transfer_is_refused_and_shown(open_page, house):
    desk = await signed_in(open_page, house, "li")
    await caller_asks(open_page, house, "路灯坏了")
    await desk.click("[data-tab=tickets]")
    await desk.locator("#rows button").click()
    await expect(desk.locator("#one form[data-order=transfer]")).to_be_visible()
    unit, other = sorted(house.desk.units)[:2]
    await desk.fill("#one form[data-order=transfer] [name=unit]", unit)
    number = (await house.desk.tickets())[0].ticket_no
    await house.desk.transfer(number, other, by="wang")
    await desk.locator("#one form[data-order=transfer] button").click()
    await expect(desk.locator("#said")).to_be_visible()
    assert (await house.desk.find(number)).lead_unit == other
    await expect(desk.locator(".differ")).to_contain_text(other)
    await shot(desk, "desk-differ")


async def test_an_administrator_makes_an_agent(open_page, house):
    desk = await signed_in(open_page, house, "boss", "admin")
    await desk.click("[data-tab=agents]")
    await desk.fill("#agent-add [name=login]", "zhang3")
    await desk.fill("#agent-add [name=name]", "Z")
    await desk.check("#agent-add [value=cantonese]")
    await desk.click("#agent-add button")
    await expect(desk.locator("#agent-made")).to_contain_text("zhang3")
    skilled = desk.locator("#agent-rows tr", has_text="zhang3").locator("td").nth(3)
    await expect(skilled).to_have_text("普通话、粤语")
    assert await desk.evaluate("document.querySelector('.top').offsetHeight") < 60  # one line
    await expect(desk.locator("#agent-rows tr")).to_have_count(2)
    await shot(desk, "desk-agents")


async def test_markup_in_a_callers_words_stays_text_at_the_desk(open_page, house):
    desk = await signed_in(open_page, house, "li")
    await caller_asks(open_page, house, "<img src=x onerror=alert(1)>人工")
    await desk.locator("#queue-waiting button.main").click()
    await expect(desk.locator(".said li.caller")).to_contain_text("<img src=x")
    assert await desk.locator("#main img").count() == 0


async def test_markup_in_names_and_orders_stays_text(open_page, house):
    markup = "<img src=x onerror=alert(1)>"
    desk = await signed_in(open_page, house, "boss", "admin")
    await desk.click("[data-tab=agents]")
    await desk.fill("#agent-add [name=login]", "mallory")
    await desk.fill("#agent-add [name=name]", markup)
    await desk.click("#agent-add button")
    await expect(desk.locator("#agent-rows")).to_contain_text(markup)
    await caller_asks(open_page, house)
    await desk.click("[data-tab=callers]")
    await desk.locator("#queue-waiting button.main").click()
    for field in ("name", "matter", "place"):
        await desk.fill(f"#draft-{field}", markup)
    await desk.press("#draft-place", "Tab")
    await desk.fill(".talk textarea", markup)
    await desk.press(".talk textarea", "Enter")
    await expect(desk.locator(".said li.agent")).to_contain_text(markup)
    await caller_asks(open_page, house, f"{markup}灯")
    await desk.click("[data-tab=tickets]")
    await desk.locator("#rows button").first.click()
    await expect(desk.locator("#one")).to_contain_text(markup)
    assert await desk.locator("#main img").count() == 0


async def test_an_agent_changes_the_password(open_page, house):
    desk = await signed_in(open_page, house, "li")
    await desk.click("#open-password")
    await desk.fill("#password [name=old]", "wrong")
    await desk.fill("#password [name=new]", "another-horse-34")
    await desk.click("#password .main")
    await expect(desk.locator("#password .error")).not_to_be_empty()
    await desk.fill("#password [name=old]", PASSWORD)
    await desk.click("#password .main")
    await expect(desk.locator("#password")).to_be_hidden()
    await expect(desk.locator("#said")).to_be_visible()


async def test_a_supervisor_orders_and_two_at_a_ticket_see_each_other(open_page, house):
    desk = await signed_in(open_page, house, "li")
    boss = await signed_in(open_page, house, "wu", "supervisor")
    await caller_asks(open_page, house, "路灯坏了")
    for page in (desk, boss):
        await page.click("[data-tab=tickets]")
        await page.locator("#rows button").click()
    await expect(boss.locator(".others")).to_contain_text("li")
    await boss.click("[data-order=supervise]")
    await boss.select_option("dialog[open] [name=way]", "site_visit")
    await boss.fill("dialog[open] [name=reason]", "r")
    await boss.click("dialog[open] button.main")
    await expect(boss.locator("#one .history")).to_contain_text("wu")
    assert (await house.desk.tickets())[0].progress.supervised
    await shot(boss, "desk-ticket")
    await desk.locator("#rows input").check()
    await desk.fill("#bulk [name=unit]", sorted(house.desk.units)[0])
    await desk.click("#bulk button")
    await expect(desk.locator("#rows tr")).to_have_count(0)
