"""The inbox and the lines, on both databases."""

from datetime import datetime, timedelta

from bot.rules.session import Channel, Speaker
from bot.rules.wechat import Action
from bot.store import NewPush, Store
from tests.bot.conftest import MONDAY

ME, OTHER = "a" * 20, "b" * 20
MINUTE = timedelta(minutes=1)


def push(key: str, proof: str, person: str = ME) -> NewPush:
    return NewPush(key, proof, person, "text", {"Content": "一"}, MONDAY)


async def touch(store: Store, *persons: str, at: datetime = MONDAY) -> None:
    async with store.begin() as records:
        await records.lines.touched([(person, Action.MESSAGE) for person in persons], at)


async def test_a_key_and_a_proof_are_taken_once(store: Store) -> None:
    async with store.begin() as records:
        assert await records.inbox.add([push("k1", "p1"), push("k2", "p2")]) == {"k1", "k2"}
    async with store.begin() as records:
        again = [push("k1", "p3"), push("k3", "p2"), push("k4", "p4"), push("k4", "p5")]
        assert await records.inbox.add(again) == {"k4"}
    async with store.read() as records:
        assert [one.key for one in await records.inbox.waiting(ME)] == ["k1", "k2", "k4"]
        assert (await records.inbox.has("k1"), await records.inbox.has("k3")) == (True, False)


async def test_what_is_done_waits_no_more_and_keeps_no_words(store: Store) -> None:
    async with store.begin() as records:
        await records.inbox.add([push("k1", "p1")])
        [found] = await records.inbox.waiting(ME)
        await records.inbox.change(found.id, state="done", facts={})
        await records.inbox.change(found.id, state="waiting")
    async with store.read() as records:
        assert await records.inbox.waiting(ME) == []
        assert await records.inbox.counted() == {"done": 1}


async def test_a_line_is_one_postmans_for_its_lease(store: Store) -> None:
    await touch(store, ME, OTHER)
    async with store.begin() as records:
        first = await records.lines.claim(MONDAY, 60, 1)
        second = await records.lines.claim(MONDAY, 60, 10)
        assert {line.person for line in first} | {line.person for line in second} == {ME, OTHER}
        assert await records.lines.claim(MONDAY, 60, 10) == []
        again = await records.lines.claim(MONDAY + 2 * MINUTE, 60, 10)
        assert {line.claim for line in again} == {2}
        assert not await records.lines.change(first[0].person, first[0].claim, seq=5)
        assert await records.lines.change(again[0].person, again[0].claim, seq=5)


async def test_messages_lift_the_window_and_make_the_line_due(store: Store) -> None:
    await touch(store, ME)
    async with store.begin() as records:
        [line] = await records.lines.claim(MONDAY, 60)
        assert await records.lines.change(ME, line.claim, left=1, due_at=None, claimed_until=None)
        assert await records.lines.next_due_at() is None
    await touch(store, ME, ME, OTHER, at=MONDAY + MINUTE)
    async with store.read() as records:
        line = await records.lines.get(ME)
        assert (line.left, line.due_at) == (5, MONDAY + MINUTE)
        assert line.until == MONDAY + MINUTE + timedelta(hours=48)


async def test_an_agents_words_wake_the_line_that_may_still_speak(store: Store) -> None:
    await touch(store, ME)
    async with store.begin() as records:
        await records.sessions.begin("s9", Channel.WECHAT, None, MONDAY)
        [line] = await records.lines.claim(MONDAY, 60)
        await records.lines.change(ME, line.claim, session_id="s9", due_at=None, claimed_until=None)
        assert await records.lines.behind(MONDAY) == []
        await records.turns.add("s9", Speaker.AGENT, "在", MONDAY)
        assert await records.lines.behind(MONDAY) == [ME]
        assert await records.lines.behind(MONDAY + timedelta(hours=49)) == []
        await records.lines.wake([ME], MONDAY)
        assert await records.lines.behind(MONDAY) == []
        assert await records.lines.next_due_at() == MONDAY


async def test_a_person_is_met_once(store: Store) -> None:
    async with store.begin() as records:
        await records.people.meet([(ME, "miniprogram", "o1"), (OTHER, "miniprogram", "o2")], MONDAY)
        await records.people.meet([(ME, "miniprogram", "o1")], MONDAY + MINUTE)
        await records.people.change(ME, phone="13800138000")
        assert (await records.people.get(ME)).created_at == MONDAY
        assert [one.person for one in await records.people.by_phone("13800138000")] == [ME]
