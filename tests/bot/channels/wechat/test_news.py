"""What changes with a ticket is told: in the window, by subscription, or on coming back."""

from datetime import timedelta

import pytest

from bot.channels.wechat.news import CALL_BACK, REMINDER, TRANSFERRED
from tests.bot.channels.wechat.conftest import TEMPLATE, TEMPLATES, on_both
from tests.bot.channels.wechat.pages import ME, OTHER, UNIT, Mini, Page


@on_both
async def test_the_result_takes_the_last_place_of_the_window(mini: Mini) -> None:
    world = mini.world
    await world.pusher.say(ME, "灯")
    await world.postman.work()
    session_id = world.parrot.asked[0].session_id
    number = await mini.ticket(session_id)
    await mini.close(number)
    world.time.moved += timedelta(seconds=2)
    await world.postman.work()
    assert number in world.platform.texts(ME)[-1]
    assert "已修好" in world.platform.texts(ME)[-1]
    sent = len(world.platform.texts(ME))
    world.time.moved += timedelta(seconds=2)
    await world.postman.work()
    assert len(world.platform.texts(ME)) == sent


@on_both
async def test_the_result_goes_by_subscription_or_waits(mini: Mini) -> None:
    world, me = mini.world, await mini.page()
    number = await mini.ticket(me.session_id)
    await mini.close(number)
    await world.postman.work()
    assert world.platform.texts(ME) == []
    assert world.platform.subscribed == []
    await me.post("consents", accepted=[TEMPLATE, "another"])
    world.platform.accepted[ME] = 1
    await world.pusher.enter(ME)
    world.time.moved += timedelta(minutes=2)
    await world.postman.work()
    assert [one["template_id"] for one in world.platform.subscribed] == [TEMPLATE]
    assert world.platform.subscribed[0]["data"]["character_string1"]["value"] == number


def subscribed(mini: Mini) -> list[tuple[str, str]]:
    """The template and the state of each subscription message."""
    sent = mini.world.platform.subscribed
    return [(one["template_id"], one["data"]["phrase3"]["value"]) for one in sent]


async def agreed(mini: Mini, *kinds: str, **more: str) -> tuple[Page, str]:
    """A page whose person has a ticket and wants to hear of it."""
    me = await mini.page()
    number = await mini.ticket(me.session_id)
    accepted = [TEMPLATES[kind] for kind in kinds]
    assert (await me.post("consents", accepted=accepted, ticket_no=number, **more))[0] == 200
    mini.world.platform.accepted[ME] = len(kinds)
    return me, number


async def later(mini: Mini, **time: float) -> None:
    """Time goes by, and the postman works."""
    mini.world.time.moved += timedelta(**time)
    await mini.world.postman.work()


@on_both
async def test_a_transfer_is_told_once_to_who_wanted_to_hear_it(mini: Mini) -> None:
    _, number = await agreed(mini, TRANSFERRED)
    await later(mini, seconds=2)
    assert subscribed(mini) == []
    await mini.world.desk.transfer(number, UNIT, by="a")
    for _ in range(2):
        await later(mini, seconds=2)
    assert subscribed(mini) == [(TEMPLATES[TRANSFERRED], "已转派")]


async def test_a_transfer_is_no_news_of_a_ticket_that_is_withdrawn(mini: Mini) -> None:
    me, number = await agreed(mini, TRANSFERRED)
    await me.post(f"tickets/{number}/withdraw")
    for _ in range(2):
        await later(mini, seconds=2)
    assert subscribed(mini) == []
    async with mini.world.store.read() as records:
        assert await records.news.fulfilled() == []


async def test_who_does_not_rate_is_asked_again_a_day_later_once(mini: Mini) -> None:
    _, number = await agreed(mini, CALL_BACK, REMINDER)
    await mini.close(number)
    await later(mini, seconds=2)
    assert subscribed(mini) == [(TEMPLATES[CALL_BACK], "已办结")]
    await later(mini, hours=23)
    assert len(subscribed(mini)) == 1
    for _ in range(2):
        await later(mini, hours=2)
    assert subscribed(mini)[1:] == [(TEMPLATES[REMINDER], "待评价")]


async def test_who_has_rated_is_not_asked_again(mini: Mini) -> None:
    me, number = await agreed(mini, CALL_BACK, REMINDER)
    await mini.close(number)
    await later(mini, seconds=2)
    assert (await me.post(f"tickets/{number}/rate", grade=5))[0] == 200
    await later(mini, hours=25)
    assert len(subscribed(mini)) == 1


async def test_a_subscription_that_the_platform_knows_nothing_of_is_forgotten(mini: Mini) -> None:
    _, number = await agreed(mini, CALL_BACK)
    mini.world.platform.accepted[ME] = 0
    await mini.close(number)
    await later(mini, seconds=2)
    assert subscribed(mini) == []
    await mini.world.pusher.enter(ME)
    await mini.world.postman.work()
    assert number in mini.world.platform.texts(ME)[-1]


async def test_nobody_asks_for_news_of_another_persons_ticket(mini: Mini) -> None:
    me, other = await mini.page(), await mini.page(OTHER)
    number = await mini.ticket(me.session_id)
    accepted = list(TEMPLATES.values())
    assert (await other.post("consents", accepted=accepted, ticket_no=number))[0] == 404


@pytest.mark.parametrize("accepted", [None, "x", {}, 1])
async def test_a_consent_that_is_not_one(mini: Mini, accepted: object) -> None:
    me = await mini.page()
    status, told = await me.post("consents", accepted=accepted)
    assert (status, told["error"]["field"]) == (400, "accepted")
