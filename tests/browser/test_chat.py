"""The chat page in a real browser: typed, spoken, reloaded, cut off, by keyboard alone."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import shot
from tests.chromium import DESKTOP

pytestmark = pytest.mark.browser


async def test_a_typed_report_brings_the_ticket_card(page, chat):
    await expect(page.locator(".turn.bot")).to_have_count(1)
    await shot(page, "chat-start")
    await page.fill("#text", "路灯坏了")
    await page.click("#composer [type=submit]")
    card = page.locator(".card")
    await expect(card).to_contain_text("GZ20260105000001")
    await expect(card.locator("time")).to_contain_text(":")
    await expect(card.locator(".light")).to_have_class("light green")
    await expect(page.locator(".turn")).to_have_count(3)
    assert len(chat.hearing.heard) == 1
    await shot(page, "chat-ticket")
    await page.set_viewport_size(DESKTOP)
    await shot(page, "chat-ticket-wide")


async def test_a_quick_reply_is_said(page, chat):
    await page.fill("#text", "a")
    await page.press("#text", "Enter")
    await page.locator("#quick button").first.click()
    await expect(page.locator(".turn.caller")).to_have_count(2)
    assert chat.hearing.heard[1].text == "是"


async def test_a_spoken_report_is_shown_then_sent(page, chat):
    await expect(page.locator("#demonstration")).to_be_visible()
    await page.click("#talk")
    await expect(page.locator("#talk")).to_have_class("talk recording")
    await shot(page, "chat-recording")
    await page.wait_for_timeout(700)
    await page.click("#talk")
    await expect(page.locator("#heard-text")).to_have_value("路灯不亮")
    await shot(page, "chat-heard")
    assert chat.hearing.heard == []
    await page.click("#heard-edit")
    await page.fill("#heard-text", "路灯坏了")
    await page.click("#heard-send")
    await expect(page.locator(".card")).to_be_visible()
    assert [(u.text, u.spoken) for u in chat.hearing.heard] == [("路灯坏了", True)]


async def test_what_a_full_model_heard_goes_by_itself(page, chat):
    chat.voice.demonstration = False
    box = await page.locator("#talk").bounding_box()
    await page.mouse.move(box["x"] + 20, box["y"] + 20)
    await page.mouse.down()
    await page.wait_for_timeout(900)
    await page.mouse.up()
    await expect(page.locator(".card")).to_be_visible()
    assert len(chat.hearing.heard) == 1


async def test_a_reload_keeps_every_turn_once(page, chat):
    await page.fill("#text", "a")
    await page.press("#text", "Enter")
    await expect(page.locator(".turn.bot")).to_have_count(2)
    await page.reload()
    await expect(page.locator(".turn")).to_have_count(3)
    assert len(chat.hearing.heard) == 1


async def test_a_lost_line_delays_and_neither_loses_nor_doubles(page, chat):
    await expect(page.locator(".turn.bot")).to_have_count(1)
    await page.context.set_offline(True)
    await expect(page.locator("#line")).to_be_visible()
    await page.fill("#text", "路灯坏了")
    await page.press("#text", "Enter")
    await expect(page.locator(".turn.pending")).to_have_count(1)
    await shot(page, "chat-offline")
    await page.context.set_offline(False)
    await expect(page.locator(".card")).to_be_visible()
    await expect(page.locator("#line")).to_be_hidden()
    await expect(page.locator(".turn")).to_have_count(3)
    assert len(chat.hearing.heard) == 1


async def test_what_waits_survives_a_reload(page, chat, server):
    await expect(page.locator(".turn.bot")).to_have_count(1)
    await page.route("**/ws/chat", lambda route: route.abort())
    await page.context.set_offline(True)
    await page.fill("#text", "路灯坏了")
    await page.press("#text", "Enter")
    await expect(page.locator(".turn.pending")).to_have_count(1)
    await page.context.set_offline(False)
    await page.reload()
    await expect(page.locator(".card")).to_be_visible()
    assert len(chat.hearing.heard) == 1


async def test_the_keyboard_alone_reports_and_speaks(page, chat):
    await expect(page.locator(".turn.bot")).to_have_count(1)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.type("a")
    await page.keyboard.press("Enter")
    await expect(page.locator(".turn.bot")).to_have_count(2)
    await page.focus("#talk")
    await page.keyboard.press("Enter")
    await expect(page.locator("#talk")).to_have_class("talk recording")
    await page.wait_for_timeout(700)
    await page.keyboard.press("Enter")
    await expect(page.locator("#heard-send")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator(".card")).to_be_visible()
    assert len(chat.hearing.heard) == 2


async def test_bad_input_is_told_in_words(page, chat):
    await page.fill("#text", "  ")
    await page.click("#composer [type=submit]")
    await expect(page.locator("#said")).not_to_be_empty()
    await page.fill("#text", "a" * 2_001)
    await page.click("#composer [type=submit]")
    await expect(page.locator("#said")).to_contain_text("2000")
    assert chat.hearing.heard == []


async def test_markup_in_a_message_stays_text(page, chat):
    await page.fill("#text", "<img src=x onerror=alert(1)><script>1</script>")
    await page.press("#text", "Enter")
    await expect(page.locator(".turn.caller .what")).to_contain_text("<img src=x")
    assert await page.locator("#turns img, #turns script").count() == 0


async def test_wishes_are_kept(page):
    await page.click("#open-settings")
    await page.check("input[value=huge]")
    await page.check("input[name=theme][value=dark]")
    await shot(page, "chat-settings")
    await page.click("dialog button.main")
    await shot(page, "chat-huge-dark")
    await page.reload()
    await page.wait_for_function("document.documentElement.dataset.size === 'huge'")
    assert await page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


async def test_a_reply_is_read_aloud_on_request(page, chat):
    said = []
    speak = chat.voice.speak

    async def note(text):
        said.append(text)
        return await speak(text)

    chat.voice.speak = note
    await page.locator(".read").first.click()
    await expect(page.locator(".read").first).to_be_visible()
    await page.wait_for_timeout(300)
    assert said == ["您好"]


async def test_forget_begins_a_new_session(page, chat):
    await expect(page.locator(".turn.bot")).to_have_count(1)
    await page.fill("#text", "a")
    await page.press("#text", "Enter")
    await expect(page.locator(".turn")).to_have_count(3)
    await page.click("#open-settings")
    await page.click("#forget")
    await expect(page.locator(".turn")).to_have_count(1)
    assert len(chat.transcript.turns) == 2
