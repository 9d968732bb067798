from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk import Desk, Rulebook
from bot.recordings import Recordings
from bot.rules.errors import Rejected
from bot.rules.session import Channel, Speaker
from bot.store import Store
from bot.store.history import broken_at
from knowledge_base.retention import load_retention
from tests.bot.conftest import MONDAY
from tests.bot.desk.test_desk import LAMP
from tests.bot.desk.test_followup import WORK, ordered

SAID = replace(LAMP, content="马路边的路灯不亮,我的电话13800138000", transcript="喂,我姓陈")


async def finished(desk: Desk, store: Store) -> str:
    async with store.begin() as records:
        await records.turns.add("s1", Speaker.CALLER, "喂,我姓陈", MONDAY, utterance_id="u1")
    ticket = await desk.open(SAID, key="k", session_id="s1", by="bot", at=MONDAY)
    await ordered(desk, ticket.ticket_no, *WORK)
    await desk.rate(ticket.ticket_no, 5, at=MONDAY)
    return ticket.ticket_no


async def everything(store: Store, number: str) -> str:
    async with store.read() as records:
        identity = await records.tickets.identity(number)
        ticket = await records.tickets.get(number)
        turns = await records.turns.since("s1")
        session = await records.sessions.get("s1")
    return f"{identity} {ticket} {turns} {session.caller}"


async def test_on_request_what_tells_of_a_person_goes(desk: Desk, store: Store) -> None:
    number = await finished(desk, store)
    assert "13800138000" in await everything(store, number)
    await desk.forget(number, by="admin", reason="本人要求", at=MONDAY)
    left = await everything(store, number)
    assert not [told for told in ("13800138000", "姓陈", "陈先生") if told in left]
    assert "路灯不亮" in left
    assert broken_at(await desk.history(number), (await desk.find(number)).version) is None
    async with store.read() as records:
        assert [look.action for look in await records.audit.of(number)] == ["forgotten"]
        letters = await records.outbox.of(number)
        assert {letter.state for letter in letters} == {"pending"}  # its unit has yet to get them


async def test_letters_and_what_was_said_on_the_call_back_go_too(desk: Desk, store: Store) -> None:
    number = await finished(desk, store)
    async with store.begin() as records:
        letters = await records.outbox.of(number)
        await records.outbox.sent([letter.id for letter in letters], MONDAY)
        (task,) = await records.call_backs.of(number)
        call = f"call-back-{task.id}-1"
        await records.sessions.begin(call, Channel.PHONE, "13800138000", MONDAY)
        await records.turns.add(call, Speaker.CALLER, "我住棠下村口", MONDAY, utterance_id="u")
        await records.sessions.begin(f"call-back-{task.id}0-1", Channel.PHONE, "1390", MONDAY)
    await desk.forget(number, by="admin", reason="本人要求", at=MONDAY)
    async with store.read() as records:
        assert {str(letter.payload) for letter in await records.outbox.of(number)} == {"{}"}
        assert [turn.text for turn in await records.turns.since(call)] == [""]
        assert (await records.sessions.get(call)).caller is None
        assert (await records.sessions.get(f"call-back-{task.id}0-1")).caller == "1390"
    assert (await desk.find(number)).draft.address == ""


async def test_recordings_of_the_call_and_of_its_call_backs_go_too(
    store: Store, rulebook: Rulebook, tmp_path: Path
) -> None:
    recordings = Recordings(tmp_path, b"key")
    desk = Desk(store, None, rulebook, recordings.erase)
    async with store.begin() as records:
        await records.sessions.begin("s1", Channel.PHONE, "13800138000", MONDAY)
    number = await finished(desk, store)
    async with store.begin() as records:
        (task,) = await records.call_backs.of(number)
        call = f"call-back-{task.id}-1"
        await records.sessions.begin(call, Channel.PHONE, "13800138000", MONDAY)
    for session in ("s1", call, "somebody else's"):
        recordings.begin(session).close()
    await desk.forget(number, by="admin", reason="本人要求", at=MONDAY)
    assert not recordings.has("s1")
    assert not recordings.has(call)
    assert recordings.has("somebody else's")


async def test_a_recording_is_not_kept_longer_than_the_conversation(
    store: Store, rulebook: Rulebook, tmp_path: Path
) -> None:
    recordings = Recordings(tmp_path, b"key")
    desk = Desk(store, None, rulebook, recordings.erase)
    async with store.begin() as records:
        await records.sessions.begin("s1", Channel.PHONE, "13800138000", MONDAY)
    recordings.begin("s1").close()
    period = load_retention().conversations
    await desk.forget_old(MONDAY + period - timedelta(hours=1))
    assert recordings.has("s1")
    assert await desk.forget_old(MONDAY + period + timedelta(hours=1)) == 1
    assert not recordings.has("s1")


async def test_not_while_the_unit_has_to_reach_the_caller(desk: Desk) -> None:
    ticket = await desk.open(SAID, key="k", session_id="s1", by="bot", at=MONDAY)
    with pytest.raises(Rejected) as refused:
        await desk.forget(ticket.ticket_no, by="admin", reason="本人要求", at=MONDAY)
    assert refused.value.code == "not_finished"


async def test_what_is_old_goes_by_itself_and_once(desk: Desk, store: Store) -> None:
    number = await finished(desk, store)
    kept = load_retention()
    for period, told in ((kept.conversations, "喂,我姓陈"), (kept.ticket_callers, "陈先生")):
        await desk.forget_old(MONDAY + period - timedelta(hours=1))
        assert told in await everything(store, number)
        assert await desk.forget_old(MONDAY + period + timedelta(hours=1)) == 1
        assert await desk.forget_old(MONDAY + period + timedelta(hours=1)) == 0
    assert "13800138000" not in (await everything(store, number)).replace(SAID.content, "")
