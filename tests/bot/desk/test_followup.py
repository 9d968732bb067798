import asyncio
import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.desk import Desk
from bot.rules.errors import Rejected
from bot.rules.ticket import Command, Ticket, TicketStatus
from bot.store import CallBackKind, Rated, Store
from bot.store.history import broken_at
from tests.bot.conftest import MONDAY
from tests.bot.desk.test_desk import LAMP, RUDE, UNIT
from tests.bot.rules.test_lifecycle import FACTS, TOLD


async def opened(desk: Desk, key: str = "k", at: datetime = MONDAY, **draft: Any) -> Ticket:
    return await desk.open(replace(LAMP, **draft), key=key, session_id="s1", by="bot", at=at)


async def ordered(desk: Desk, number: str, *commands: Command, at: datetime = MONDAY) -> Ticket:
    ticket = await desk.find(number)
    for command in commands:
        facts = FACTS.get(command, {})
        ticket = await desk.order(number, command, by="u1", reason="因为", facts=facts, at=at)
    return ticket


WORK = (Command.SIGN, Command.START, Command.REPLY, Command.CLOSE)
AGAIN = (Command.REPLY, Command.CLOSE)


async def test_a_closed_ticket_asks_its_caller(desk: Desk, store: Store) -> None:
    ticket = await opened(desk, channel="wechat")
    ticket = await ordered(desk, ticket.ticket_no, *WORK)
    assert ticket.status is TicketStatus.CALLING_BACK
    tasks = await desk.call_backs(kind=CallBackKind.PHONE, at=MONDAY)
    assert [(task.ticket_no, task.method) for task in tasks] == [(ticket.ticket_no, "wechat")]


async def test_a_good_rating_archives(desk: Desk, store: Store) -> None:
    ticket = await opened(desk)
    await ordered(desk, ticket.ticket_no, *WORK)
    ticket = await desk.rate(ticket.ticket_no, 4, at=MONDAY)
    assert ticket.status is TicketStatus.ARCHIVED
    assert await desk.call_backs(kind=CallBackKind.PHONE, at=MONDAY) == []
    with pytest.raises(Rejected) as refused:
        await desk.rate(ticket.ticket_no, 1, at=MONDAY)
    assert refused.value.code == "not_in_table"


async def test_one_rework_and_then_coordination(desk: Desk, store: Store) -> None:
    number = (await opened(desk)).ticket_no
    await ordered(desk, number, *WORK)
    reworked = await desk.rate(number, 1, comment="没修", at=MONDAY)
    assert reworked.status is TicketStatus.IN_PROGRESS
    assert reworked.progress.rework_count == 1
    assert reworked.due_at == MONDAY.replace(hour=18) + timedelta(days=7)
    await ordered(desk, number, *AGAIN)
    settled = await desk.rate(number, 2, comment="还是没修", at=MONDAY)
    assert settled.status is TicketStatus.COORDINATING
    await ordered(desk, number, *AGAIN)
    third = await desk.rate(number, 1, at=MONDAY)
    assert third.status is TicketStatus.COORDINATING
    assert third.progress.rework_count == 1
    async with store.read() as records:
        grades = [rating.grade for rating in await records.ratings.of_ticket(number)]
    assert grades == [1, 2, 1]


async def test_two_ratings_at_once_are_one_rework(desk: Desk) -> None:
    number = (await opened(desk)).ticket_no
    await ordered(desk, number, *WORK)
    results = await asyncio.gather(
        *(desk.rate(number, 1, at=MONDAY) for _ in range(6)), return_exceptions=True
    )
    assert sum(isinstance(result, Ticket) for result in results) == 1
    assert (await desk.find(number)).progress.rework_count == 1


async def test_service_and_result_are_rated_apart(desk: Desk, store: Store) -> None:
    number = (await opened(desk)).ticket_no
    await desk.rate(number, 1, of=Rated.SERVICE, at=MONDAY)  # before anything is done
    await desk.rate_service("s1", 5, at=MONDAY)
    assert (await desk.find(number)).status is TicketStatus.TRANSFERRED
    with pytest.raises(Rejected):
        await desk.rate(number, 5, at=MONDAY)  # of a result there is none yet
    with pytest.raises(Rejected) as refused:
        await desk.rate(number, 6, at=MONDAY)
    assert refused.value.field == "grade"


async def test_three_times_unreached_archives(desk: Desk) -> None:
    number = (await opened(desk)).ticket_no
    await ordered(desk, number, *WORK)
    for day in range(3):
        at = MONDAY + timedelta(days=day)
        tasks = await desk.call_backs(kind=CallBackKind.PHONE, at=at)
        task = await desk.unreached(tasks[0].id, by="robot", at=at)
    assert (task.status, task.attempts) == ("unreached", 3)
    assert (await desk.find(number)).status is TicketStatus.ARCHIVED
    with pytest.raises(Rejected):
        await desk.unreached(task.id, by="robot", at=MONDAY)


async def test_seven_days_without_a_rating_archive(desk: Desk) -> None:
    number = (await opened(desk)).ticket_no
    await ordered(desk, number, *WORK)
    assert await desk.strike(MONDAY + timedelta(days=6, hours=23)) == []
    assert len(await desk.strike(MONDAY + timedelta(days=7))) == 1
    assert (await desk.find(number)).status is TicketStatus.ARCHIVED


async def test_every_merged_caller_gets_the_answer(desk: Desk) -> None:
    main = (await opened(desk, "k1")).ticket_no
    other = (await opened(desk, "k2", at=MONDAY + timedelta(hours=1))).ticket_no
    assert [one.ticket_no for one in await desk.duplicates(other)] == [main]
    merged = await desk.merge(other, main, by="a1", at=MONDAY)
    assert merged.status is TicketStatus.MERGED
    for refused in (desk.withdraw(main, by="caller", at=MONDAY), desk.merge(main, other, by="a1")):
        with pytest.raises(Rejected) as error:
            await refused
        assert error.value.code == "others_wait"
    await ordered(desk, main, *WORK)
    answered = await desk.find(other)
    assert answered.status is TicketStatus.CALLING_BACK
    assert answered.progress.reply == TOLD["reply"]


async def test_a_merge_is_near_in_place_and_time(desk: Desk) -> None:
    main = (await opened(desk, "k1")).ticket_no
    elsewhere = (await opened(desk, "k2", district="番禺区")).ticket_no
    later = (await opened(desk, "k3", at=MONDAY + timedelta(days=8))).ticket_no
    for number, code in ((elsewhere, "other_place"), (later, "too_far")):
        with pytest.raises(Rejected) as refused:
            await desk.merge(number, main, by="a1", at=MONDAY)
        assert refused.value.code == code


async def test_overdue_handling_is_a_breach_and_supervised(desk: Desk) -> None:
    ticket = await opened(desk)
    struck = await desk.strike(ticket.due_at)
    assert [due.mark.value for due in struck] == ["warning", "alarm", "breach"]
    late = await desk.find(ticket.ticket_no)
    assert late.progress.handling_breached_at == ticket.due_at
    assert late.progress.supervised
    assert await desk.strike(ticket.due_at + timedelta(days=30)) == []


async def test_a_warning_fires_once_whatever_is_suspended_or_extended(desk: Desk) -> None:
    ticket = await opened(desk)
    number = ticket.ticket_no
    await ordered(desk, number, Command.SIGN, Command.START)
    half = MONDAY + (ticket.due_at - MONDAY) * 0.6
    assert [due.mark.value for due in await desk.strike(half)] == ["warning"]
    await ordered(desk, number, Command.SUSPEND, at=half)
    assert await desk.strike(ticket.due_at + timedelta(days=1)) == []
    await ordered(desk, number, Command.RESUME, at=half + timedelta(days=14))
    await ordered(desk, number, Command.EXTEND, at=half + timedelta(days=14))
    late = (await desk.find(number)).due_at
    assert [due.mark.value for due in await desk.strike(late)] == ["alarm", "breach"]


async def test_no_sequence_loses_a_history_row(desk: Desk) -> None:
    dice = random.Random(12345)
    numbers = [(await opened(desk, f"k{n}")).ticket_no for n in range(3)]
    numbers.append((await desk.open(RUDE, key="r", session_id="s1", by="b", at=MONDAY)).ticket_no)
    at = MONDAY
    for _ in range(150):
        at += timedelta(minutes=dice.randrange(600))
        number, command = dice.choice(numbers), dice.choice(list(Command))
        facts = FACTS.get(command, {}) | {"into": dice.choice(numbers)}
        facts |= {"lead_unit": UNIT}
        try:
            await desk.order(number, command, by="x", reason="y", facts=facts, at=at)
        except Rejected:
            continue
    for number in numbers:
        ticket = await desk.find(number)
        events = await desk.history(number)
        assert broken_at(events, ticket.version) is None
        assert events[-1].status == ticket.status.value
        assert sum(event.event == "rework" for event in events) <= 1
