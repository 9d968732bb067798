import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk import Desk
from bot.rules.errors import NotFound, Rejected
from bot.rules.handoff import HandoffStatus
from bot.rules.session import Channel, Handler
from bot.rules.ticket import Draft, Kind, Light, TicketStatus, Urgency
from bot.store import Store, TicketFilter
from bot.store.history import broken_at
from tests.bot.conftest import MONDAY, Heard

LAMP = Draft(
    content="棠下村口马路边的路灯不亮",
    category="市政设施/路灯",
    district="天河区",
    name="陈先生",
    phone="13800138000",
)
RUDE = Draft(content="窗口态度差", category="政务服务/窗口作风", district="天河区")
UNIT = "天河区政务服务和数据管理局"


async def test_a_sure_ticket_goes_by_itself_with_its_letter(desk: Desk, store: Store) -> None:
    ticket = await desk.open(LAMP, key="k1", session_id="s1", by="bot", at=MONDAY)
    assert ticket.ticket_no == "GZ20261123000001"
    assert ticket.status is TicketStatus.TRANSFERRED
    assert ticket.lead_unit == "天河区城市管理和综合执法局"
    assert (ticket.draft.name, ticket.draft.phone) == ("陈**", "138****8000")
    async with store.read() as records:
        letters = await records.outbox.of(ticket.ticket_no)
        assert [(letter.key, letter.kind) for letter in letters] == [
            ("GZ20261123000001", "transfer")
        ]
        assert "13800138000" not in str(letters)


async def test_an_unsure_one_waits_with_a_proposal(desk: Desk) -> None:
    ticket = await desk.open(RUDE, key="k1", session_id="s1", by="bot", at=MONDAY)
    assert ticket.status is TicketStatus.AWAITING_TRANSFER
    assert ticket.lead_unit == UNIT
    assert ticket.transfer_due_at == MONDAY + timedelta(minutes=15)
    assert desk.light(ticket, MONDAY + timedelta(minutes=9)) is Light.GREEN
    assert desk.light(ticket, MONDAY + timedelta(minutes=10)) is Light.AMBER
    assert desk.light(ticket, MONDAY + timedelta(minutes=13)) is Light.RED


async def test_the_same_key_is_the_same_ticket_however_it_races(desk: Desk) -> None:
    async def open_it() -> str:
        ticket = await desk.open(RUDE, key="k1", session_id="s1", by="bot", at=MONDAY)
        return ticket.ticket_no

    assert len(set(await asyncio.gather(*(open_it() for _ in range(12))))) == 1
    assert len(await desk.tickets()) == 1


async def test_numbers_of_a_day_have_no_gap_and_no_double(desk: Desk) -> None:
    async def open_it(key: int) -> str:
        ticket = await desk.open(RUDE, key=f"k{key}", session_id="s1", by="bot", at=MONDAY)
        return ticket.ticket_no

    numbers = await asyncio.gather(*(open_it(n) for n in range(20)))
    assert sorted(numbers) == [f"GZ20261123{n:06d}" for n in range(1, 21)]


async def test_history_holds_and_shows_a_change(desk: Desk, store: Store) -> None:
    ticket = await desk.open(RUDE, key="k1", session_id="s1", by="bot", at=MONDAY)
    await desk.transfer(ticket.ticket_no, UNIT, by="a1", at=MONDAY + timedelta(minutes=3))
    events = await desk.history(ticket.ticket_no)
    assert [event.event for event in events] == ["opened", "transfer"]
    assert broken_at(events, 2) is None
    assert broken_at([events[0], replace(events[1], by="a2")], 2) == 2
    assert broken_at(events[:1], 2) == 2
    with pytest.raises(Rejected):
        async with store.begin() as records:
            await records.history.add([replace(events[0], by="again")])


async def test_history_keeps_no_number(desk: Desk) -> None:
    ticket = await desk.open(RUDE, key="k1", session_id="s1", by="bot", at=MONDAY)
    await desk.urge(ticket.ticket_no, by="caller", reason="快点,13800138000", at=MONDAY)
    assert (await desk.history(ticket.ticket_no))[1].reason == "快点,138****8000"


async def test_a_stale_save_and_an_unknown_unit_are_refused(desk: Desk) -> None:
    ticket = await desk.open(RUDE, key="k1", session_id="s1", by="bot", at=MONDAY)
    with pytest.raises(Rejected) as unknown:
        await desk.transfer(ticket.ticket_no, "没有的单位", by="a1", at=MONDAY)
    assert unknown.value.code == "unknown_unit"
    await desk.urge(ticket.ticket_no, by="caller", at=MONDAY)
    with pytest.raises(Rejected) as stale:
        await desk.transfer(ticket.ticket_no, UNIT, by="a1", version=1, at=MONDAY)
    assert stale.value.code == "stale"
    with pytest.raises(NotFound):
        await desk.find("GZ20261123999999")


async def test_a_hazard_is_not_withdrawn_but_a_complaint_is(desk: Desk) -> None:
    danger = replace(RUDE, urgency=Urgency.URGENT)
    ticket = await desk.open(danger, key="k1", session_id="s1", by="bot", at=MONDAY)
    with pytest.raises(Rejected) as refused:
        await desk.withdraw(ticket.ticket_no, by="caller", at=MONDAY)
    assert refused.value.code == "hazard"
    other = await desk.open(RUDE, key="k2", session_id="s1", by="bot", at=MONDAY)
    other = await desk.withdraw(other.ticket_no, by="caller", at=MONDAY)
    assert other.status is TicketStatus.WITHDRAWN
    with pytest.raises(Rejected) as gone:
        await desk.urge(other.ticket_no, by="caller", at=MONDAY)
    assert gone.value.code == "not_in_table"


@pytest.mark.parametrize(
    ("draft", "key", "field"),
    [(replace(RUDE, content="  "), "k", "content"), (RUDE, "", "key")],
)
async def test_a_bad_draft_is_refused_by_field(
    desk: Desk, draft: Draft, key: str, field: str
) -> None:
    with pytest.raises(Rejected) as refused:
        await desk.open(draft, key=key, session_id="s1", by="bot", at=MONDAY)
    assert refused.value.field == field


async def test_lists_come_by_remaining_time(desk: Desk) -> None:
    late = MONDAY + timedelta(minutes=5)
    second = await desk.open(RUDE, key="k1", session_id="s1", by="bot", at=late)
    first = await desk.open(RUDE, key="k2", session_id="s1", by="bot", at=MONDAY)
    question = replace(LAMP, kind=Kind.CONSULTATION)
    third = await desk.open(question, key="k3", session_id="s1", by="bot", at=MONDAY)
    listed = await desk.tickets(TicketFilter(open=True))
    assert [t.ticket_no for t in listed] == [t.ticket_no for t in (first, second, third)]
    waiting = await desk.tickets(TicketFilter(waiting=True))
    assert [t.ticket_no for t in waiting] == [t.ticket_no for t in (first, second)]


async def test_a_sealed_caller_is_seen_by_one_role_and_each_look_is_noted(
    desk: Desk, store: Store
) -> None:
    sealed = replace(LAMP, confidential=True)
    ticket = await desk.open(sealed, key="k1", session_id="s1", by="bot", at=MONDAY)
    number = ticket.ticket_no
    with pytest.raises(Rejected):
        await desk.identity(number, by="a1", role="agent", reason="回访", at=MONDAY)
    with pytest.raises(Rejected):
        await desk.identity(number, by="s1", role="supervisor", reason=" ", at=MONDAY)
    identity = await desk.identity(number, by="s1", role="supervisor", reason="回访", at=MONDAY)
    assert identity.phone == "13800138000"
    async with store.read() as records:
        looks = await records.audit.of(number)
    assert [look.action for look in looks] == [
        "identity_seen",
        "identity_refused",
        "identity_refused",
    ]


async def test_one_agent_gets_the_caller_and_only_that_one_speaks(
    desk: Desk, store: Store, heard: Heard
) -> None:
    handoff = await desk.hand_off("s1", reason="asked", summary="路灯", at=MONDAY)
    again = await desk.hand_off("s1", reason="asked", summary="路灯", at=MONDAY)
    assert again.id == handoff.id
    taken = await asyncio.gather(
        *(desk.accept(handoff.id, agent=f"a{n}", at=MONDAY) for n in range(8)),
        return_exceptions=True,
    )
    winners = [one for one in taken if not isinstance(one, BaseException)]
    losers = [one for one in taken if isinstance(one, Rejected)]
    assert (len(winners), len(losers)) == (1, 7)
    assert {error.code for error in losers} == {"already_accepted"}
    agent = winners[0].agent
    assert agent is not None
    async with store.read() as records:
        session = await records.sessions.get("s1")
    assert (session.handler, session.agent) == (Handler.AGENT, agent)
    assert await desk.say("s1", agent=agent, text="您好", at=MONDAY) == 1
    with pytest.raises(Rejected) as refused:
        await desk.say("s1", agent="somebody", text="您好", at=MONDAY)
    assert refused.value.code == "not_yours"
    told = [event for event in heard.on("session:s1") if event["type"] == "turn"]
    assert [(event["seq"], event["speaker"]) for event in told] == [(1, "agent")]
    assert [[turn["text"] for turn in event["turns"]] for event in told] == [["您好"]]


async def test_a_caller_given_back_stands_in_front(desk: Desk, store: Store) -> None:
    async with store.begin() as records:
        await records.sessions.begin("s2", Channel.WEB, None, MONDAY)
    mine = await desk.hand_off("s1", reason="asked", summary="", at=MONDAY)
    await desk.accept(mine.id, agent="a1", at=MONDAY)
    other = await desk.hand_off("s2", reason="angry", summary="", at=MONDAY)
    back = await desk.release(mine.id, agent="a1", to="queue", at=MONDAY)
    assert (back.status, back.agent) == (HandoffStatus.WAITING, None)
    assert [one.id for one in await desk.waiting()] == [mine.id, other.id]
    with pytest.raises(Rejected):
        await desk.release(mine.id, agent="a1", to="end", at=MONDAY)


async def test_a_crisis_makes_the_open_handoff_urgent(desk: Desk) -> None:
    calm = await desk.hand_off("s1", reason="asked", summary="", at=MONDAY)
    urgent = await desk.hand_off("s1", reason="crisis", summary="", at=MONDAY)
    assert urgent.id == calm.id
    assert (urgent.priority, urgent.skill.value) == (0, "crisis")
    await desk.accept(urgent.id, agent="a1", at=MONDAY)
    await desk.release(urgent.id, agent="a1", to="bot", at=MONDAY)
    later = await desk.hand_off("s1", reason="asked", summary="", at=MONDAY)
    assert later.id != calm.id
