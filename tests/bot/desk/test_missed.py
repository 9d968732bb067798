"""Callers who were lost before a person came."""

from datetime import timedelta

import pytest

from bot.rules.errors import Rejected
from bot.rules.session import Channel, Speaker
from tests.bot.conftest import MONDAY


async def waiting(desk, session="s1", **more):
    return await desk.hand_off(session, reason="asked", summary="灯", at=MONDAY, **more)


async def test_a_caller_who_hangs_up_in_the_queue_is_listed(desk, heard):
    handoff = await waiting(desk, draft={"matter": "灯不亮"})
    entry = await desk.hung_up("s1", at=MONDAY)
    assert (entry.why, entry.phone, entry.draft) == ("queue", "13800138000", {"matter": "灯不亮"})
    assert "13800138000" not in entry.summary
    assert await desk.waiting() == []
    assert heard.on("desk")[-1] == {"type": "missed"}
    assert await desk.hung_up("s1", at=MONDAY) is None
    assert [one.id for one in await desk.missed()] == [entry.id]
    with pytest.raises(Rejected):
        await desk.accept(handoff.id, agent="li")


@pytest.mark.parametrize(("status", "listed"), [("asked", True), ("answered", False)])
async def test_a_report_cut_off_is_listed_and_a_finished_talk_is_not(desk, store, status, listed):
    async with store.begin() as records:
        await records.turns.add("s1", Speaker.CALLER, "灯不亮", MONDAY)
        await records.turns.add("s1", Speaker.BOT, "Q", MONDAY, status=status)
    entry = await desk.hung_up("s1", at=MONDAY)
    assert (entry is not None) is listed
    if entry:
        assert (entry.why, entry.keep_until) == ("report", MONDAY + timedelta(hours=24))
        assert "灯不亮" in entry.summary


async def test_the_draft_is_there_on_the_next_call_of_that_number(desk, store):
    await waiting(desk, draft={"matter": "灯不亮"})
    await desk.hung_up("s1", at=MONDAY)
    async with store.begin() as records:
        for name in ("s2", "s3"):
            await records.sessions.begin(name, Channel.PHONE, "13800138000", MONDAY)
    later = MONDAY + timedelta(hours=23)
    again = await desk.hand_off("s2", reason="asked", summary="", at=later)
    assert again.draft == {"matter": "灯不亮"}
    assert await desk.missed() == []  # the caller came back by themselves
    assert (await desk.hand_off("s3", reason="asked", summary="", at=later)).draft == {}


async def test_a_draft_is_not_kept_for_longer(desk, store):
    await waiting(desk, draft={"matter": "灯不亮"})
    await desk.hung_up("s1", at=MONDAY)
    async with store.begin() as records:
        await records.sessions.begin("s2", Channel.PHONE, "13800138000", MONDAY)
    after = MONDAY + timedelta(hours=25)
    assert (await desk.hand_off("s2", reason="asked", summary="", at=after)).draft == {}


async def test_a_number_is_left_and_the_place_given_up(desk):
    await waiting(desk)
    entry = await desk.leave_number("s1", "139 0013 9000", at=MONDAY)
    assert (entry.why, entry.phone) == ("asked", "13900139000")
    assert await desk.waiting() == []
    with pytest.raises(Rejected) as refused:
        await desk.leave_number("s1", "13900139000", at=MONDAY)
    assert refused.value.code == "not_in_table"


@pytest.mark.parametrize("phone", ["", "abc", "123", "1380013800", "<script>"])
async def test_a_number_that_is_none(desk, phone):
    await waiting(desk)
    with pytest.raises(Rejected) as refused:
        await desk.leave_number("s1", phone, at=MONDAY)
    assert refused.value.field == "phone"
    assert len(await desk.waiting()) == 1


async def test_calling_back(desk):
    await waiting(desk)
    entry = await desk.leave_number("s1", "13900139000", at=MONDAY)
    for attempts, status in ((1, "waiting"), (2, "waiting"), (3, "given_up")):
        entry = await desk.called_back(entry.id, by="li", reached=False, at=MONDAY)
        assert (entry.attempts, entry.status) == (attempts, status)
    with pytest.raises(Rejected):
        await desk.called_back(entry.id, by="li", reached=True)


async def test_an_agents_caller_is_not_missed(desk):
    handoff = await waiting(desk)
    await desk.accept(handoff.id, agent="li", at=MONDAY)
    assert await desk.hung_up("s1", at=MONDAY) is None
