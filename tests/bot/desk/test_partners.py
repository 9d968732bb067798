"""Colleagues at one caller: the machine stays silent whoever has the caller."""

import pytest

from bot.rules.errors import Rejected
from bot.rules.session import Channel
from bot.store import Agent
from tests.bot.conftest import MONDAY


@pytest.fixture
async def handoff(store, desk):
    """Taken by li; wang and wu are there too."""
    async with store.begin() as records:
        for login in ("li", "wang", "wu", "zhao"):
            await records.agents.add(Agent(login, login, "agent", ("mandarin",), "x", MONDAY))
    draft = {"matter": "灯不亮", "place": "车陂路1号", "phone": "13800138000"}
    made = await desk.hand_off("s1", reason="asked", summary="", draft=draft, at=MONDAY)
    return await desk.accept(made.id, agent="li", at=MONDAY)


async def handler(store):
    async with store.read() as records:
        session = await records.sessions.get("s1")
    return session.handler.value, session.agent


async def refused(work):
    with pytest.raises(Rejected) as caught:
        await work
    return caught.value.code


async def test_a_warm_transfer_keeps_the_caller_until_it_is_taken(desk, store, handoff, heard):
    offered = await desk.offer(handoff.id, agent="li", to="wang", promised="下午回电")
    assert offered.summary.count("\n") == 2
    assert "灯不亮" in offered.summary
    assert "下午回电" in offered.summary
    assert "13800138000" not in offered.summary
    assert await handler(store) == ("agent", "li")
    assert await refused(desk.take(handoff.id, agent="wu")) == "not_yours"
    taken = await desk.take(handoff.id, agent="wang")
    assert (taken.agent, taken.offered_to) == ("wang", None)
    assert await handler(store) == ("agent", "wang")
    assert await refused(desk.say("s1", agent="li", text="A")) == "not_yours"
    await desk.say("s1", agent="wang", text="A")
    assert [e["what"] for e in heard.on("desk") if e["type"] == "handoff"][-2:] == [
        "offered",
        "accepted",
    ]


@pytest.mark.parametrize(
    ("agent", "to", "code"),
    [("li", "li", "same"), ("li", "nobody", "unknown"), ("wu", "wang", "not_yours")],
)
async def test_what_cannot_be_offered(desk, handoff, agent, to, code):
    assert await refused(desk.offer(handoff.id, agent=agent, to=to)) == code


async def test_an_offer_is_declined(desk, handoff):
    await desk.offer(handoff.id, agent="li", to="wang")
    assert await refused(desk.decline(handoff.id, agent="wu")) == "not_yours"
    assert (await desk.decline(handoff.id, agent="wang")).offered_to is None
    assert await refused(desk.take(handoff.id, agent="wang")) == "not_yours"


async def test_three_talk(desk, store, handoff):
    for guest in ("wang", "wu", "zhao"):
        await desk.invite(handoff.id, agent="li", guest=guest)
    assert await refused(desk.invite(handoff.id, agent="li", guest="nobody")) == "unknown"
    await desk.say("s1", agent="wang", text="A")
    async with store.read() as records:
        said = (await records.turns.since("s1"))[-1]
    assert (said.text, said.outcome) == ("A", {"agent": "wang"})
    await desk.leave(handoff.id, guest="wang")
    assert await refused(desk.say("s1", agent="wang", text="B")) == "not_yours"


async def test_a_supervisor_takes_over_for_a_reason(desk, store, handoff):
    assert await refused(desk.take_over(handoff.id, agent="wu", reason=" ")) == "missing"
    taken = await desk.take_over(handoff.id, agent="wu", reason="r", at=MONDAY)
    assert taken.agent == "wu"
    assert await handler(store) == ("agent", "wu")
    async with store.read() as records:
        looks = await records.audit.of("s1")
    assert (looks[0].action, looks[0].facts["from"]) == ("taken_over", "li")
    assert await refused(desk.take_over(handoff.id, agent="wu", reason="r")) == "not_in_table"


async def test_to_another_queue_goes_to_its_front(desk, store, handoff):
    async with store.begin() as records:
        await records.sessions.begin("s2", Channel.WEB, None, MONDAY)
    await desk.hand_off("s2", reason="asked", summary="", skill="cantonese", at=MONDAY)
    moved = await desk.to_skill(handoff.id, agent="li", skill="cantonese", promised="p")
    assert (moved.skill.value, moved.agent, moved.returned) == ("cantonese", None, True)
    assert [one.session_id for one in await desk.waiting()] == ["s1", "s2"]


async def test_a_whisper_is_no_turn(desk, store, handoff, heard):
    before = (await store_turns(store))[-1:] or [None]
    await desk.note("s1", by="wu", kind="whisper", text="W", at=MONDAY)
    assert (await store_turns(store))[-1:] == [t for t in before if t]
    assert heard.on("session:s1")[-1] == {"type": "note", "kind": "whisper"}
    async with store.read() as records:
        assert [(n.kind, n.text) for n in await records.notes.of("s1")] == [("whisper", "W")]
    assert await refused(desk.note("s1", by="wu", kind="x", text="W")) == "unknown"
    assert await refused(desk.note("s1", by="wu", kind="note", text=" ")) == "out_of_range"


async def store_turns(store):
    async with store.read() as records:
        return await records.turns.since("s1")
