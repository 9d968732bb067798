"""Three at one caller, a merge, a second factor, the city's accounts: in real browsers."""

from datetime import timedelta

import aiohttp
import pyotp
import pytest
from playwright.async_api import expect

from bot.clock import now
from bot.console.issuer import Client, Issuer
from bot.console.single_sign_on import SingleSignOn, read_roles
from bot.store import TicketFilter
from tests.bot.console.house import PASSWORD, open_house
from tests.browser.conftest import checked_shot, signed_in
from tests.browser.test_desk import caller_asks
from tests.browser.test_work import says
from tests.chromium import DESKTOP
from tests.oidc_issuer import CLIENT, SECRET, served

pytestmark = pytest.mark.browser


async def test_three_talk_and_the_guest_leaves(open_page, house):
    first = await signed_in(open_page, house, "li")
    second = await signed_in(open_page, house, "wang")
    caller = await caller_asks(open_page, house)
    await first.locator("#queue-waiting button.main").click()
    await first.click("[data-way=invite]")
    await first.select_option("dialog[open] [name=who]", "wang")
    await first.click("dialog[open] button.main")
    await second.locator("#queue-mine button").click()
    await second.fill(".talk textarea", "W")
    await second.press(".talk textarea", "Enter")
    await expect(caller.locator(".turn.agent .what").last).to_have_text("W")
    await first.fill(".talk textarea", "L")
    await first.press(".talk textarea", "Enter")
    await expect(second.locator(".said li.agent").last).to_contain_text("L")
    await says(caller, "A")
    for page in (first, second):
        await expect(page.locator(".said li.caller").last).to_contain_text("A")
    await checked_shot(second, "desk-three")
    await second.click("[data-way=leave]")
    await expect(second.locator(".talk form")).to_have_count(0)
    await expect(first.locator(".talk form")).to_be_visible()


async def test_a_ticket_is_merged_into_a_proposed_one(open_page, house):
    desk = await signed_in(open_page, house, "li")
    for text in ("路灯坏了", "路灯又坏了"):
        await caller_asks(open_page, house, text)
    await desk.click("[data-tab=tickets]")
    await expect(desk.locator("#rows tr")).to_have_count(2)
    await desk.locator("#rows button").last.click()
    await desk.click("[data-order=merge]")
    await checked_shot(desk, "desk-merge")
    await desk.click("dialog[open] button.main")
    await expect(desk.locator("#rows tr")).to_have_count(1)
    await expect(desk.locator("#one .history")).to_contain_text("li")
    listed = await house.desk.tickets(TicketFilter(limit=10))
    assert sorted(one.status.value for one in listed) == ["awaiting_transfer", "merged"]


async def test_a_second_factor_is_set_by_its_picture_and_asked_for(open_page, house):
    desk = await signed_in(open_page, house, "li")
    await desk.click("#open-factor")
    picture = desk.locator("dialog[open] img")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    await checked_shot(desk, "desk-factor")
    secret = (await desk.locator(".secret").inner_text()).replace(" ", "")
    await desk.fill("dialog[open] [name=code]", pyotp.TOTP(secret).at(now()))
    await desk.click("dialog[open] button.main")
    await expect(desk.locator("#open-factor")).to_be_hidden()
    again = await open_page(house.server, "/desk", DESKTOP)
    await again.fill("#login [name=login]", "li")
    await again.fill("#login [name=password]", PASSWORD)
    await again.click("#login button.main")
    await expect(again.locator("#code")).to_be_visible()
    await checked_shot(again, "desk-code")
    await again.fill("#login [name=code]", pyotp.TOTP(secret).at(now() + timedelta(seconds=30)))
    await again.click("#login button.main")
    await expect(again.locator("#callers")).to_be_visible()
    await expect(desk.locator("#login")).to_be_visible()  # one session an agent


async def test_the_citys_account_opens_the_desk(open_page, tmp_path, live):
    async with served() as issuer, aiohttp.ClientSession() as http:
        other_side = Issuer(http, Client(issuer.url, CLIENT, SECRET), now)
        sign_on = SingleSignOn(other_side, "roles", read_roles("desk:agent"), "")
        async with open_house(tmp_path, live, sign_on) as house:
            page = await open_page(house.server, "/desk", DESKTOP)
            await expect(page.locator("#sign-on")).to_be_visible()
            await checked_shot(page, "desk-sign-on")
            await page.click("#sign-on")
            await expect(page.locator("#said")).to_be_visible()  # no role yet
            assert "refused" not in page.url
            await checked_shot(page, "desk-refused")
            issuer.claims = {"roles": ["desk"], "preferred_username": "zhang3", "name": "Z"}
            await page.click("#sign-on")
            await expect(page.locator("#callers")).to_be_visible()
            await expect(page.locator("#me")).to_contain_text("Z")
