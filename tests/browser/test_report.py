"""The monthly report and the call-backs in a real browser."""

import json

import pytest
from playwright.async_api import expect

from bot.clock import now
from tests.bot.desk.test_followup import WORK, opened, ordered
from tests.bot.reporting.test_reporting import a_month
from tests.browser.conftest import checked_shot, signed_in

pytestmark = pytest.mark.browser


async def test_the_month_is_drawn_and_a_district_chosen(open_page, house):
    await a_month(house.desk)
    page = await signed_in(open_page, house, "wang", "supervisor")
    refused = []
    page.on("console", lambda line: refused.append(line.text) if line.type == "error" else None)
    await page.goto(str(house.server.make_url("/desk/report?month=2026-11")))
    await expect(page.locator("body[data-month]")).to_have_attribute("data-month", "2026-11")
    await expect(page.locator("[data-sum=received] strong")).to_have_text("9")
    for chart in ("map", "topics", "days"):
        await expect(page.locator(f"#{chart} canvas")).to_be_visible()
    assert await page.evaluate("echarts.getMap('districts').geoJSON.features.length") == 11
    drawn = "echarts.getInstanceByDom(document.getElementById('{0}')).getOption().series[0].data"
    counts = await page.evaluate(drawn.format("map"))
    assert {one["name"]: one["value"] for one in counts}["天河区"] == 9
    assert await page.evaluate(drawn.format("topics")) == [2, 7]
    await expect(page.locator("#tables table")).to_have_count(6)
    await page.evaluate("window.scrollTo(0, 0)")
    await checked_shot(page, "desk-report")
    spot = await page.evaluate(
        "(() => { const chart = echarts.getInstanceByDom(document.getElementById('map'));"
        " const box = document.getElementById('map').getBoundingClientRect();"
        " const [x, y] = chart.convertToPixel({ seriesIndex: 0 }, [2.5, -1.5]);"
        " return [box.x + x, box.y + y]; })()"
    )
    await page.mouse.click(*spot)
    await expect(page.locator("#topics-title")).to_contain_text("天河区")
    await expect(page.locator("#all")).to_be_visible()
    assert refused == [], json.dumps(refused)


async def test_an_agent_notes_what_came_of_a_call(open_page, house):
    number = (await opened(house.desk, at=now(), channel="phone")).ticket_no
    await ordered(house.desk, number, *WORK, at=now())
    page = await signed_in(open_page, house, "li")
    await page.click("#tabs a[href='/desk/call-backs']")
    entry = page.locator("#list li[data-kind=phone]")
    await expect(entry).to_have_count(1)
    await expect(entry).to_contain_text(number)
    await checked_shot(page, "desk-call-backs")
    await entry.locator("p.row button").click()
    await expect(entry).to_contain_text("13800138000")
    await entry.locator("[name=grade]").select_option("2")
    await entry.locator("textarea").fill("A")
    await entry.locator("form button.main").click()
    await expect(entry).to_have_count(0)
    assert (await house.desk.find(number)).progress.rework_count == 1
