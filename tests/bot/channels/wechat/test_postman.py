"""From a push to its answer: each once, in order, within what the platform allows."""

import asyncio
import re
from datetime import timedelta

import pytest

from bot.channels.wechat.phrases import phrases
from bot.dialogue import words
from bot.rules.handoff import Reason
from bot.rules.session import Speaker
from tests.bot.channels.wechat.conftest import World, on_both
from tests.pictures import JPEG

OPENING = words.load()["opening"].text
ME = "oAbC_1234567890123456789012"


@on_both
async def test_a_message_is_greeted_and_answered(world: World) -> None:
    assert await world.pusher.say(ME, "路") == [200]
    assert await world.postman.work() == 1
    assert world.platform.texts(ME) == [OPENING, "heard: 路"]
    assert await world.postman.work() == 0


async def test_entering_is_greeted_and_nothing_more(world: World) -> None:
    await world.pusher.enter(ME)
    await world.postman.work()
    world.time.moved += timedelta(minutes=2)
    await world.pusher.enter(ME)
    await world.postman.work()
    assert world.platform.texts(ME) == [OPENING]


@on_both
async def test_a_storm_of_duplicates_is_one_message(world: World) -> None:
    number = world.platform.number()
    storm = [world.pusher.say(ME, "灯", number=number) for _ in range(20)]
    assert await asyncio.gather(*storm) == [[200]] * 20
    await asyncio.gather(world.postman.work(), world.second_postman().work())
    await world.pusher.say(ME, "灯", number=number)
    await world.postman.work()
    assert [said.text for said in world.parrot.asked] == ["灯"]
    assert world.platform.texts(ME) == [OPENING, "heard: 灯"]


@on_both
async def test_two_postmen_keep_the_order(world: World) -> None:
    said = [f"第{n}" for n in range(12)]
    for text in said:
        await world.pusher.say(ME, text)
    await asyncio.gather(world.postman.work(), world.second_postman().work())
    assert [one.text for one in world.parrot.asked] == said
    answers = "\n\n".join(world.platform.texts(ME)).split("\n\n")
    assert answers == [OPENING, *(f"heard: {text}" for text in said)]
    assert len(world.platform.texts(ME)) <= 5


async def test_the_token_is_over_in_the_middle(world: World) -> None:
    await world.pusher.say(ME, "一")
    await world.postman.work()
    world.platform.end_tokens()
    await world.pusher.say(ME, "二")
    await world.postman.work()
    assert world.platform.texts(ME)[-1] == "heard: 二"
    assert world.platform.forced == 0


async def test_a_token_that_the_platform_repeats_is_forced_out_once(world: World) -> None:
    await world.pusher.say(ME, "一")
    world.platform.fail["/cgi-bin/message/custom/send"] = [40001]
    await world.postman.work()
    assert world.platform.texts(ME) == [OPENING, "heard: 一"]
    assert world.platform.forced == 1


async def test_a_busy_platform_is_tried_again(world: World) -> None:
    world.platform.fail["/cgi-bin/message/custom/send"] = [-1, -1]
    await world.pusher.say(ME, "水")
    for _ in range(3):
        await world.postman.work()
        world.time.moved += timedelta(minutes=1)
    assert world.platform.texts(ME) == [OPENING, "heard: 水"]
    assert len(world.parrot.asked) == 1


async def test_a_dead_dialogue_is_an_apology_not_a_silence(world: World) -> None:
    world.parrot.broken = True
    await world.pusher.say(ME, "水")
    await world.postman.work()
    assert world.platform.texts(ME) == [OPENING, words.load()["trouble"].text]


@on_both
@pytest.mark.parametrize("code", [45015, 45047])
async def test_what_the_platform_does_not_let_out_waits_for_the_caller(
    world: World, code: int
) -> None:
    world.platform.fail["/cgi-bin/message/custom/send"] = [code]
    await world.pusher.say(ME, "停电")
    await world.postman.work()
    assert world.platform.texts(ME) == []
    world.time.moved += timedelta(hours=1)
    await world.postman.work()
    assert world.platform.calls.count("/cgi-bin/message/custom/send") == 1
    await world.pusher.enter(ME)
    await world.postman.work()
    assert world.platform.texts(ME) == [OPENING, "heard: 停电"]


async def test_an_interface_that_is_not_granted_is_asked_again_ten_minutes_later(
    world: World,
) -> None:
    world.platform.fail["/cgi-bin/message/custom/send"] = [48001]
    await world.pusher.say(ME, "停电")
    await world.postman.work()
    await world.postman.work()
    assert world.platform.calls.count("/cgi-bin/message/custom/send") == 1
    world.time.moved += timedelta(minutes=11)
    await world.postman.work()
    assert world.platform.texts(ME) == [OPENING, "heard: 停电"]


async def agent_takes(world: World) -> str:
    """An agent takes the caller's session; its id."""
    session_id = world.parrot.asked[-1].session_id
    handoff = await world.desk.hand_off(session_id, reason=Reason.ASKED, summary="x")
    await world.desk.accept(handoff.id, agent="a1")
    return session_id


@on_both
async def test_an_agents_words_reach_the_caller_and_the_machine_is_silent(world: World) -> None:
    await world.pusher.say(ME, "人")
    await world.postman.work()
    session_id = await agent_takes(world)
    await world.pusher.say(ME, "在吗")
    await world.postman.work()
    await world.desk.say(session_id, agent="a1", text="在的")
    world.time.moved += timedelta(seconds=2)
    await world.postman.work()
    assert world.platform.texts(ME) == [OPENING, "heard: 人", "在的"]
    assert [said.text for said in world.parrot.asked] == ["人"]


async def test_what_the_machine_had_not_yet_sent_stays_unsaid_once_an_agent_is_there(
    world: World,
) -> None:
    world.platform.fail["/cgi-bin/message/custom/send"] = [45047]
    await world.pusher.say(ME, "人")
    await world.postman.work()
    session_id = await agent_takes(world)
    await world.desk.say(session_id, agent="a1", text="您好")
    await world.pusher.enter(ME)
    await world.postman.work()
    assert world.platform.texts(ME) == ["您好"]


async def test_after_48_hours_an_agents_words_wait_for_the_next_entry(world: World) -> None:
    await world.pusher.say(ME, "人")
    await world.postman.work()
    session_id = await agent_takes(world)
    world.time.moved += timedelta(hours=48, seconds=1)
    await world.desk.say(session_id, agent="a1", text="办好了")
    await world.postman.work()
    assert world.platform.texts(ME)[2:] == []
    await world.pusher.enter(ME)
    await world.postman.work()
    assert world.platform.texts(ME)[2:] == ["办好了"]


async def test_what_is_left_of_a_session_that_is_over_comes_before_the_new_one(
    world: World,
) -> None:
    await world.pusher.say(ME, "人")
    await world.postman.work()
    session_id = await agent_takes(world)
    world.time.moved += timedelta(hours=48, seconds=1)
    await world.desk.say(session_id, agent="a1", text="办好了")
    async with world.store.read() as records:
        handoff = await records.handoffs.open_of(session_id)
    assert handoff is not None
    await world.desk.release(handoff.id, agent="a1", to="end")
    await world.pusher.enter(ME)
    await world.postman.work()
    assert world.platform.texts(ME)[2:] == ["办好了", OPENING]


async def test_five_messages_and_then_the_rest_waits(world: World) -> None:
    await world.pusher.say(ME, "人")
    await world.postman.work()
    session_id = await agent_takes(world)
    for n in range(6):
        await world.desk.say(session_id, agent="a1", text=f"话{n}")
        world.time.moved += timedelta(seconds=2)
        await world.postman.work()
    assert world.platform.texts(ME)[2:] == ["话0", "话1", "话2"]
    await world.pusher.say(ME, "好")
    await world.postman.work()
    assert world.platform.texts(ME)[5:] == ["话3", "话4", "话5"]
    assert 45047 not in [c for codes in world.platform.fail.values() for c in codes]


async def test_who_writes_faster_than_is_answered_gets_every_answer(world: World) -> None:
    async def one_more() -> None:
        if len(world.parrot.asked) < 20:
            await world.pusher.say(ME, f"话{len(world.parrot.asked)}")

    world.parrot.meanwhile = one_more
    await world.pusher.say(ME, "话0")
    await world.postman.work()
    answered = re.findall(r"heard: 话(\d+)", "\n".join(world.platform.texts(ME)))
    assert answered == [str(n) for n in range(20)]


async def test_what_is_not_text_is_noted_and_said_so(world: World) -> None:
    await world.pusher.message(ME, {"MsgType": "miniprogrampage", "Title": "t", "PagePath": "p"})
    await world.pusher.message(ME, {"MsgType": "video", "MediaId": "m"})
    await world.postman.work()
    assert world.platform.texts(ME) == [OPENING, phrases()["card"], phrases()["unreadable"]]
    assert world.parrot.asked == []


@on_both
async def test_a_picture_is_kept_for_the_ticket(world: World) -> None:
    world.platform.media["p1"] = ("image/jpeg", JPEG)
    world.platform.media["p2"] = ("image/gif", b"GIF89a")
    await world.pusher.say(ME, "灯")
    for media_id in ("p1", "p2"):
        await world.pusher.message(ME, {"MsgType": "image", "MediaId": media_id, "PicUrl": "u"})
    await world.postman.work()
    session_id = world.parrot.asked[0].session_id
    async with world.store.read() as records:
        kept = await records.attachments.of("", session_id)
    assert [one.mime for one in kept] == ["image/jpeg"]
    said = "\n\n".join(world.platform.texts(ME))
    assert said.endswith(f"{phrases()['picture']}\n\n{phrases()['picture_lost']}")


async def test_a_voice_message_is_heard(world: World) -> None:
    world.platform.media["m1"] = ("audio/amr", "路灯".encode())
    await world.pusher.message(ME, {"MsgType": "voice", "MediaId": "m1", "Format": "amr"})
    recognised = {"MsgType": "voice", "MediaId": "m2", "Format": "amr", "Recognition": "井盖"}
    await world.pusher.message(ME, recognised)
    await world.postman.work()
    assert [(said.text, said.spoken) for said in world.parrot.asked] == [
        ("路灯", True),
        ("井盖", True),
    ]


async def test_a_voice_message_that_is_gone_is_asked_for_again(world: World) -> None:
    await world.pusher.message(ME, {"MsgType": "voice", "MediaId": "none", "Format": "amr"})
    await world.postman.work()
    assert world.platform.texts(ME) == [OPENING, phrases()["voice_unclear"]]


async def test_after_a_long_silence_a_new_session_begins(world: World) -> None:
    await world.pusher.say(ME, "一")
    await world.postman.work()
    world.time.moved += timedelta(hours=13)
    await world.pusher.say(ME, "二")
    await world.postman.work()
    first, second = (said.session_id for said in world.parrot.asked)
    assert first != second
    assert world.platform.texts(ME) == [OPENING, "heard: 一", OPENING, "heard: 二"]


@on_both
async def test_a_postman_that_dies_with_a_line_is_followed_by_another(world: World) -> None:
    await world.pusher.say(ME, "一")
    assert await world.postman._next() is not None  # and then it dies
    assert await world.second_postman().work() == 0
    world.time.moved += timedelta(minutes=2)
    assert await world.second_postman().work() == 1
    assert world.platform.texts(ME) == [OPENING, "heard: 一"]


@on_both
async def test_a_postman_that_lost_its_line_changes_nothing_more(world: World) -> None:
    await world.pusher.say(ME, "一")
    line = await world.postman._next()
    assert line is not None
    world.time.moved += timedelta(minutes=2)
    await world.second_postman().work()
    await world.postman._serve(line)
    assert world.platform.texts(ME) == [OPENING, "heard: 一"]
    assert len(world.parrot.asked) == 1


async def test_the_openid_stands_in_no_session_and_no_turn(world: World) -> None:
    await world.pusher.say(ME, "一")
    await world.postman.work()
    session_id = world.parrot.asked[0].session_id
    async with world.store.read() as records:
        turns = await records.turns.since(session_id)
    assert [turn.speaker for turn in turns] == [Speaker.BOT, Speaker.CALLER, Speaker.BOT]
    assert ME not in session_id + "".join(str(vars(turn)) for turn in turns)
