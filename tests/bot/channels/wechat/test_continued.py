"""A matter begun on the phone goes on in WeChat, during the call and after it."""

from datetime import timedelta

import pytest

from bot.rules.handoff import Reason
from bot.rules.session import Channel, Speaker, Status
from tests.bot.channels.wechat.conftest import World, on_both
from tests.bot.channels.wechat.pages import ME, OTHER, UNIT, Mini, Page
from tests.pictures import PNG

PHONE = "13800138000"


async def call(mini: Mini, *said: str, name: str = "call-1") -> None:
    """A call of the number, with what was said."""
    at = mini.world.time()
    async with mini.world.store.begin() as records:
        await records.sessions.begin(name, Channel.PHONE, PHONE, at)
        for text in said:
            await records.turns.add(name, Speaker.CALLER, text, at)


async def verified(mini: Mini, openid: str = ME) -> Page:
    """A page whose person has shown the number."""
    page = await mini.page(openid)
    code = mini.world.platform.phone_code_for(PHONE)
    assert (await page.post("phone", code=code))[0] == 200
    return page


async def told(mini: Mini, page: Page) -> list[str]:
    """What the machine has said in the page's session."""
    async with mini.world.store.read() as records:
        turns = await records.turns.since(page.session_id)
    return [turn.text for turn in turns if turn.speaker is Speaker.BOT][1:]


@on_both
async def test_a_ticket_of_the_phone_is_told_once_and_takes_the_picture(mini: Mini) -> None:
    await call(mini, "路灯不亮")
    number = await mini.ticket("call-1", channel="phone")
    mini.world.time.moved += timedelta(minutes=30)
    page = await verified(mini)
    [said] = await told(mini, page)
    assert number in said
    assert "电话反映的“路灯”" in said
    again = await mini.page()
    assert await told(mini, again) == [said]
    _, kept = await page.upload("pictures", PNG)
    assert (kept["ticket_no"], kept["of_a_call"]) == (number, True)
    _, ticket = await page.ask("GET", f"tickets/{number}")
    assert [one["id"] for one in ticket["attachments"]] == [kept["id"]]


async def test_a_picture_lands_on_the_call_that_is_being_held(mini: Mini) -> None:
    await call(mini, "路灯")
    page = await verified(mini)
    assert "正在和 12345 通电话" in (await told(mini, page))[0]
    _, kept = await page.upload("pictures", PNG)
    assert (kept["ticket_no"], kept["of_a_call"]) == (None, True)
    async with page.client.get(
        f"/api/wechat/pictures/{kept['id']}", headers={"Authorization": f"Bearer {page.token}"}
    ) as answer:
        assert answer.status == 200
    number = await mini.ticket("call-1", channel="phone")
    _, ticket = await page.ask("GET", f"tickets/{number}")
    assert [one["id"] for one in ticket["attachments"]] == [kept["id"]]
    stranger = await mini.page(OTHER)
    assert (await stranger.ask("GET", f"pictures/{kept['id']}"))[0] == 404


async def test_a_call_that_is_over_and_led_to_nothing_is_not_gone_on_with(mini: Mini) -> None:
    await call(mini, "你好")
    mini.world.time.moved += timedelta(minutes=10)
    page = await verified(mini)
    assert await told(mini, page) == []
    assert (await page.upload("pictures", PNG))[1]["of_a_call"] is False


async def test_a_call_with_an_agent_is_being_held_however_long_nobody_speaks(mini: Mini) -> None:
    await call(mini, "人工")
    handoff = await mini.world.desk.hand_off("call-1", reason=Reason.ASKED, summary="x")
    await mini.world.desk.accept(handoff.id, agent="a1")
    mini.world.time.moved += timedelta(minutes=40)
    page = await verified(mini)
    assert (await page.upload("pictures", PNG))[1]["of_a_call"] is True


async def test_without_the_number_nothing_of_the_call_is_told(mini: Mini) -> None:
    await call(mini, "路灯")
    await mini.ticket("call-1", channel="phone")
    page = await mini.page()
    assert await told(mini, page) == []
    assert (await page.upload("pictures", PNG))[1]["of_a_call"] is False


async def test_what_is_being_reported_here_keeps_its_own_pictures(mini: Mini) -> None:
    await call(mini, "路灯")
    await mini.ticket("call-1", channel="phone")
    mini.world.time.moved += timedelta(hours=1)
    page = await verified(mini)
    at = mini.world.time()
    async with mini.world.store.begin() as records:
        await records.turns.add(page.session_id, Speaker.CALLER, "井盖坏了", at)
        asked = Status.ASKED.value
        await records.turns.add(page.session_id, Speaker.BOT, "在哪里?", at, status=asked)
    assert (await page.upload("pictures", PNG))[1]["of_a_call"] is False
    own = await mini.ticket(page.session_id, key="own")
    assert (await page.upload("pictures", PNG))[1]["ticket_no"] == own


@pytest.mark.parametrize("days", [8, 400])
async def test_an_old_ticket_is_not_gone_on_with(mini: Mini, days: int) -> None:
    await call(mini, "路灯")
    await mini.ticket("call-1", channel="phone")
    mini.world.time.moved += timedelta(days=days)
    assert await told(mini, await verified(mini)) == []


async def test_the_customer_service_channel_goes_on_with_it_too(mini: Mini, world: World) -> None:
    await verified(mini)
    await call(mini, "路灯")
    number = await mini.ticket("call-1", channel="phone")
    await world.desk.transfer(number, UNIT, by="a")
    world.time.moved += timedelta(hours=1)
    world.platform.media["p1"] = ("image/png", PNG)
    await world.pusher.message(ME, {"MsgType": "image", "MediaId": "p1", "PicUrl": "u"})
    await world.postman.work()
    assert any(number in text and "已经转给" in text for text in world.platform.texts(ME))
    async with world.store.read() as records:
        assert len(await records.attachments.of(number, "call-1")) == 1
