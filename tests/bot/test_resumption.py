"""The next call of a number offers what the last one broke off."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.conversation import Conversation
from bot.dialogue import words
from bot.dialogue.client import Said
from bot.rules.session import Channel, Outcome, Reply, Speaker, Status, Utterance
from bot.store import Store
from tests.bot.conftest import MONDAY
from tests.bot.test_conversation import Scripted

WORDS = words.load()
NUMBER = "13800138000"
ASKED = Said((Reply("哪里?"),), Status.ASKED)


@pytest.fixture
def talk(store: Store, desk, heard):
    return Conversation(
        store, desk, heard, Scripted([ASKED]), lambda _: None, WORDS, clock=lambda: MONDAY
    )


async def call(talk: Conversation, name: str, *said: str, number: str | None = NUMBER) -> Outcome:
    outcome = await talk.begin(name, Channel.PHONE, number, MONDAY)
    for index, text in enumerate(said):
        utterance = Utterance(f"{name}-{index}", name, text, Channel.PHONE, MONDAY, number)
        outcome = await talk.hear(utterance)
    return outcome


async def opening(
    talk: Conversation, name: str, number: str | None = NUMBER, hours: int = 1
) -> str:
    at = MONDAY + timedelta(hours=hours)
    return (await talk.begin(name, Channel.PHONE, number, at)).replies[0].text


async def test_a_report_broken_off_is_offered_and_said_again(talk: Conversation) -> None:
    await call(talk, "first", "车陂路半夜施工", "对")
    await talk.left("first", MONDAY)
    assert await opening(talk, "second") == WORDS["opening_kept"].text
    await call(talk, "second", "好的。")
    assert talk.dialogue.asked[-1] == "车陂路半夜施工"
    assert await opening(talk, "third") == WORDS["opening"].text


async def test_who_was_not_understood_may_still_take_it(talk: Conversation) -> None:
    await call(talk, "first", "车陂路半夜施工")
    await talk.left("first", MONDAY)
    talk.dialogue = Scripted([Said((Reply("没听明白"),), Status.CLARIFIED), ASKED])
    await call(talk, "second", "北街号的", "好的")
    assert talk.dialogue.asked == ["北街号的", "车陂路半夜施工"]


async def test_who_only_greets_may_still_take_it(talk: Conversation) -> None:
    await call(talk, "first", "车陂路半夜施工")
    await talk.left("first", MONDAY)
    talk.dialogue = Scripted([Said((Reply("请说"),), Status.GREETED), ASKED])
    await call(talk, "second", "喂你好", "那就接着办吧")
    assert talk.dialogue.asked == ["喂你好", "车陂路半夜施工"]


async def test_who_was_asked_often_whether_they_are_there_is_heard(talk: Conversation) -> None:
    await call(talk, "first", "车陂路半夜施工")
    await talk.left("first", MONDAY)
    await talk.begin("second", Channel.PHONE, NUMBER, MONDAY)
    async with talk.store.begin() as records:
        for _ in range(9):
            await records.turns.add("second", Speaker.BOT, "您还在吗?", MONDAY)
    assert (await call(talk, "second", "好的")).status is Status.ASKED
    assert talk.dialogue.asked[-1] == "好的"


async def test_who_declines_is_asked_what_else(talk: Conversation) -> None:
    await call(talk, "first", "车陂路半夜施工")
    await talk.left("first", MONDAY)
    outcome = await call(talk, "second", "不用了")
    assert (outcome.status, outcome.replies) == (Status.GREETED, (WORDS["opening_again"],))
    assert await opening(talk, "third") == WORDS["opening"].text


async def test_who_speaks_of_something_else_keeps_the_offer(talk: Conversation) -> None:
    await call(talk, "first", "车陂路半夜施工")
    await talk.left("first", MONDAY)
    await call(talk, "second", "居住证怎么办")
    assert talk.dialogue.asked[-1] == "居住证怎么办"
    assert await opening(talk, "third") == WORDS["opening_kept"].text


@pytest.mark.parametrize(
    ("number", "hours"), [("13900139000", 1), (None, 1), (NUMBER, 25)], ids=str
)
async def test_nobody_else_and_not_after_a_day(
    talk: Conversation, number: str | None, hours: int
) -> None:
    await call(talk, "first", "车陂路半夜施工")
    await talk.left("first", MONDAY)
    assert await opening(talk, "second", number, hours) == WORDS["opening"].text


async def test_who_said_nothing_or_was_answered_is_not_listed(talk: Conversation, desk) -> None:
    await call(talk, "silent")
    await talk.left("silent", MONDAY)
    talk.dialogue.script = [replace(ASKED, status=Status.ANSWERED)]
    await call(talk, "answered", "居住证怎么办", number="13900139000")
    await talk.left("answered", MONDAY)
    assert await desk.missed() == []
