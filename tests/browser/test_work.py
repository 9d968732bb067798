"""An agent's work with a caller in a browser: assist, draft, ticket, colleagues, supervisor."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import shot, signed_in
from tests.browser.test_desk import caller_asks

pytestmark = pytest.mark.browser

MATTER = "我要投诉，昨晚天河区车陂路12号施工扰民，电话13800138000"


async def says(page, text):
    await page.fill("#text", text)
    await page.press("#text", "Enter")


async def test_an_agent_is_helped_and_files_the_ticket(open_page, house):
    desk = await signed_in(open_page, house, "li")
    caller = await caller_asks(open_page, house)
    await says(caller, MATTER)
    await expect(desk.locator("#queue-waiting button.main")).to_be_visible()
    await desk.keyboard.press("F8")
    await expect(desk.locator(".hints li")).not_to_have_count(0)
    await expect(desk.locator(".field.missing")).not_to_have_count(0)
    await shot(desk, "desk-assist")
    greeting = await desk.locator(".chip").first.get_attribute("title")
    await desk.keyboard.press("F2")
    await expect(caller.locator(".turn.agent .what").last).to_have_text(greeting)
    await desk.select_option("#draft-kind", index=1)
    await desk.fill("#draft-matter", "施工扰民")
    await desk.fill("#draft-category", "城市管理")
    while await desk.locator(".hints button").count():
        before = await desk.locator(".hints li").count()
        await desk.locator(".hints button").first.click()
        await expect(desk.locator(".hints li")).not_to_have_count(before)
    await expect(desk.locator("#draft-phone")).to_have_value("138****8000")
    await desk.click("[data-numbers]")
    await shot(desk, "desk-numbers")
    await desk.click("dialog[open] button.main")
    await expect(desk.locator("#draft-phone")).to_have_value("13800138000")
    await expect(desk.locator("[data-numbers]")).to_be_hidden()
    await expect(desk.locator("#draft-district")).to_have_value("天河区")
    await shot(desk, "desk-draft")
    await desk.click(".draft button.main")
    await expect(desk.locator("#said.good")).to_contain_text("GZ")
    await shot(desk, "desk-filed")
    tickets = await house.desk.tickets()
    assert [ticket.draft.content for ticket in tickets] == ["施工扰民"]


async def test_a_caller_goes_to_a_colleague_and_a_supervisor_helps(open_page, house):
    first = await signed_in(open_page, house, "li")
    second = await signed_in(open_page, house, "wang")
    boss = await signed_in(open_page, house, "wu", "supervisor")
    caller = await caller_asks(open_page, house)
    await first.locator("#queue-waiting button.main").click()
    await first.click("[data-way=offer]")
    await first.select_option("dialog[open] [name=who]", "wang")
    await first.fill("dialog[open] [name=promised]", "下午回电")
    await shot(first, "desk-offer")
    await first.click("dialog[open] button.main")
    offered = second.locator("#queue-others .handoff")
    await expect(offered).to_contain_text("下午回电")
    await offered.locator("button").last.click()
    await second.click("[data-way=take]")
    await expect(second.locator(".talk form")).to_be_visible()
    await expect(first.locator(".talk form")).to_have_count(0)
    await says(caller, "A")
    await expect(second.locator(".said li.caller").last).to_contain_text("A")
    await boss.click("[data-tab=floor]")
    await expect(boss.locator("#floor-talks tr")).to_contain_text("wang")
    await shot(boss, "desk-floor")
    await boss.locator("#floor-talks button").click()
    await expect(boss.locator(".said li.caller").last).to_contain_text("A")
    await boss.click("[data-way=whisper]")
    await boss.fill("dialog[open] [name=text]", "W")
    await boss.click("dialog[open] button.main")
    await expect(second.locator(".notes .whisper")).to_contain_text("W")
    await boss.click("[data-way=takeover]")
    await boss.fill("dialog[open] [name=reason]", "r")
    await boss.click("dialog[open] button.main")
    await expect(boss.locator(".talk form")).to_be_visible()
    await boss.fill(".talk textarea", "B")
    await boss.press(".talk textarea", "Enter")
    await expect(caller.locator(".turn.agent .what").last).to_have_text("B")
    await shot(boss, "desk-takeover")
    assert "W" not in await caller.locator("#turns").inner_text()
    await expect(caller.locator(".turn.bot")).to_have_count(2)


async def test_a_supervisor_switches_and_inspects(open_page, house):
    boss = await signed_in(open_page, house, "wu", "supervisor")
    caller = await caller_asks(open_page, house)
    await boss.locator("#queue-waiting button.main").click()
    await boss.fill(".talk textarea", "我保证解决")
    await boss.press(".talk textarea", "Enter")
    await expect(caller.locator(".turn.agent")).to_have_count(1)
    await boss.click("[data-tab=switches]")
    await boss.locator("#switch-rows button").nth(3).click()
    await boss.fill("dialog[open] [name=value]", "今天有台风，请注意安全")
    await boss.fill("dialog[open] [name=reason]", "r")
    await boss.select_option("dialog[open] [name=hours]", "4")
    await boss.click("dialog[open] button.main")
    await expect(boss.locator("#switch-rows tr.changed")).to_contain_text("台风")
    await shot(boss, "desk-switches")
    await boss.click("[data-tab=quality]")
    await expect(boss.locator("#quality-rows .findings")).to_contain_text("保证")
    await shot(boss, "desk-quality")
    await boss.click("[data-tab=audit]")
    await expect(boss.locator("#audit-rows tr").first).to_be_visible()
    await shot(boss, "desk-audit")


async def test_a_waiting_caller_sees_the_wait_and_leaves_a_number(open_page, house):
    caller = await caller_asks(open_page, house)
    await expect(caller.locator("#standing")).to_be_visible()
    await shot(caller, "chat-waiting")
    await caller.fill("#call-back-phone", "12")
    await caller.click("#call-back button")
    await expect(caller.locator("#said")).not_to_be_empty()
    await caller.fill("#call-back-phone", "13900139000")
    await caller.click("#call-back button")
    await expect(caller.locator("#turns")).to_contain_text("139****9000")
    await expect(caller.locator("#call-back")).to_be_hidden()
    desk = await signed_in(open_page, house, "li")
    await desk.click("[data-tab=missed]")
    await expect(desk.locator("#missed-rows tr")).to_contain_text("139****9000")
    await desk.locator("#missed-rows button").first.click()
    await desk.fill("dialog[open] [name=reason]", "r")
    await desk.click("dialog[open] button.main")
    await expect(desk.locator("#missed-rows tr")).to_contain_text("13900139000")
    await shot(desk, "desk-missed")


async def test_a_callers_picture_is_seen_by_the_agent(open_page, house, tmp_path):
    desk = await signed_in(open_page, house, "li")
    caller = await caller_asks(open_page, house)
    await desk.locator("#queue-waiting button.main").click()
    await desk.screenshot(
        path=tmp_path / "a.png", clip={"x": 0, "y": 0, "width": 300, "height": 120}
    )
    await caller.set_input_files("#picture", tmp_path / "a.png")
    await expect(caller.locator("img.picture")).to_be_visible()
    await expect(desk.locator("img.picture")).to_be_visible()
    seen = "image => image.complete && image.naturalWidth"
    assert await desk.locator("img.picture").evaluate(seen) == 300
    await shot(desk, "desk-picture")
    (tmp_path / "b.png").write_bytes(b"no picture")
    await caller.set_input_files("#picture", tmp_path / "b.png")
    await expect(caller.locator("#said")).not_to_be_empty()
