"""The fence: from the commit of an acceptance on, no word of the machine is ever recorded or sent.

Each round a caller's words are being answered while an agent accepts, at a random moment.
"""

import asyncio
import random
import uuid

from bot.clock import now
from bot.console.parts import CONSOLE
from bot.rules.handoff import Reason
from bot.rules.session import Channel, Speaker, Utterance
from tests.bot.channels.test_web import Page

ROUNDS = 160
AT_ONCE = 8


async def race(house, number):
    """One race; the machine's turns after the acceptance, of those that the records hold."""
    chance = random.Random(number)
    session_id = f"race-{number}"
    hearing, desk = house.chat.hearing, house.desk
    channel = Channel.PHONE if number % 2 else Channel.WEB
    await hearing.begin(session_id, channel, None, now())
    handoff = await desk.hand_off(session_id, reason=Reason.ASKED, summary="")

    async def say():
        await asyncio.sleep(chance.random() * 0.05)
        words = Utterance(uuid.uuid4().hex, session_id, "a", channel, now())
        return await hearing.hear(words)

    async def accept():
        await asyncio.sleep(chance.random() * 0.5)
        await desk.accept(handoff.id, agent="li")
        async with house.store.read() as records:
            return (await records.sessions.get(session_id)).turns

    *outcomes, turns_then = await asyncio.gather(say(), say(), accept())
    async with house.store.read() as records:
        late = await records.turns.since(session_id, turns_then)
    spoken = [turn for turn in late if turn.speaker is Speaker.BOT]
    answered = sum(bool(outcome.replies) for outcome in outcomes)
    return len(spoken), answered


async def races(house, rounds, step=lambda: None):
    """Machine turns after the acceptance, and answers before it, over many races. ``step`` is
    called after each handful."""
    late = answered = 0
    with house.app[CONSOLE].presence.here("li"):
        for first in range(0, rounds, AT_ONCE):
            results = await asyncio.gather(*(race(house, n) for n in range(first, first + AT_ONCE)))
            late += sum(spoken for spoken, _ in results)
            answered += sum(count for _, count in results)
            step()
    return late, answered


async def test_no_word_of_the_machine_after_an_acceptance(house):
    late, answered = await races(house, ROUNDS)
    assert late == 0
    assert 0 < answered < 2 * ROUNDS  # both sides have won


async def test_an_answer_under_way_is_dropped(house, make_seat):
    page = await Page.open((await make_seat(role=None)).client)
    await page.say("人工")
    await page.until("done")
    house.dialogue.gate = asyncio.Event()
    await page.say("a")
    await page.until("typing")
    seat = await make_seat()
    handoff = (await seat.get("handoffs"))[1]["waiting"][0]
    await seat.post(f"handoffs/{handoff['id']}/accept", {})
    house.dialogue.gate.set()
    assert (await page.until("done"))["status"] == "with_agent"
    turns = await house.turns(page.token.split(".")[0])
    assert turns[-1] == ("caller", "a")
    shown = [frame for frame in page.before if frame["type"] == "turn"]
    assert [frame["speaker"] for frame in shown] == ["caller"]
