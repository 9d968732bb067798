"""A grade typed where the result was told rates the ticket; everything else is heard as ever."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.wechat.phrases import phrases
from bot.rules.ticket import TicketStatus
from tests.bot.channels.wechat.conftest import on_both
from tests.bot.channels.wechat.pages import ME, Mini


async def told(mini: Mini) -> str:
    """A person with a ticket that has just been closed, and who was told so; its number."""
    world = mini.world
    await world.pusher.say(ME, "灯")
    await world.postman.work()
    number = await mini.ticket(world.parrot.asked[0].session_id)
    await mini.close(number)
    await later(mini)
    return number


async def later(mini: Mini) -> None:
    """The postman's next round."""
    mini.world.time.moved += timedelta(seconds=2)
    await mini.world.postman.work()


async def say(mini: Mini, text: str) -> str:
    """Say something; what was answered last."""
    await mini.world.pusher.say(ME, text)
    await later(mini)
    return mini.world.platform.texts(ME)[-1]


async def status(mini: Mini, number: str) -> TicketStatus:
    return (await mini.world.desk.find(number)).status


@on_both
@pytest.mark.parametrize("text", ["5", "满意\uff0c谢谢", "4。", "满意", "基本满意\uff01"])
async def test_a_good_grade_archives_the_ticket(mini: Mini, text: str) -> None:
    number = await told(mini)
    assert await say(mini, text) == phrases()["graded"]
    assert await status(mini, number) is TicketStatus.ARCHIVED
    assert len(mini.world.parrot.asked) == 1


@on_both
async def test_a_bad_grade_is_a_rework_and_its_reason_reaches_the_unit(mini: Mini) -> None:
    number = await told(mini)
    assert await say(mini, "2") == phrases()["graded_bad"]
    assert await status(mini, number) is TicketStatus.IN_PROGRESS
    assert await say(mini, "灯还是不亮") == phrases()["graded_reason"]
    assert await said_of(mini, number) == ["灯还是不亮"]
    assert await say(mini, "谢谢") == "heard: 谢谢"


async def said_of(mini: Mini, number: str) -> list[str]:
    """The remarks to a ticket."""
    async with mini.world.store.read() as records:
        return [one.text for one in await records.attachments.of(number, "")]


async def test_a_bad_grade_with_its_reason_is_not_asked_again(mini: Mini) -> None:
    number = await told(mini)
    assert await say(mini, "不满意\uff0c没修好") == phrases()["graded_reason"]
    assert await status(mini, number) is TicketStatus.IN_PROGRESS
    assert await said_of(mini, number) == ["没修好"]


@pytest.mark.parametrize("text", ["我对物业不满意", "6", "人工"])
async def test_what_is_no_grade_is_heard_as_ever(mini: Mini, text: str) -> None:
    number = await told(mini)
    assert await say(mini, text) == f"heard: {text}"
    assert await status(mini, number) is TicketStatus.CALLING_BACK


async def test_danger_goes_before_a_reason(mini: Mini) -> None:
    await told(mini)
    await say(mini, "1")
    world = mini.world
    hearing = replace(world.listener.hearing, screen=lambda text: True)
    careful = replace(world, listener=replace(world.listener, hearing=hearing))
    await world.pusher.say(ME, "着火了")
    world.time.moved += timedelta(seconds=2)
    await careful.second_postman().work()
    assert world.platform.texts(ME)[-1] == "heard: 着火了"


async def test_a_grade_with_nothing_to_rate_is_heard_as_ever(mini: Mini) -> None:
    assert await say(mini, "5") == "heard: 5"


async def test_one_rating_however_often_it_is_pushed(mini: Mini) -> None:
    number = await told(mini)
    for _ in range(3):
        await mini.world.pusher.message(ME, {"MsgType": "text", "Content": "3"}, number=77)
        await later(mini)
    texts = mini.world.platform.texts(ME)
    assert texts.count(phrases()["graded"]) == 1
    assert await status(mini, number) is TicketStatus.ARCHIVED
