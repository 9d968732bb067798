import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from aiohttp import ClientSession
from aiohttp.test_utils import unused_port

from bot.desk import Desk
from bot.dispatch import HttpDispatcher, LogDispatcher
from bot.rules.sla import Mark
from bot.store import Store
from bot.worker import ATTEMPTS, LEASE_SECONDS, Worker, health_at
from tests.bot.conftest import MONDAY, Heard
from tests.bot.desk.test_desk import LAMP, RUDE, UNIT
from tests.dispatch_system import SECRET, DispatchSystem, dispatch_system
from tests.pictures import PNG


class Watch:
    """A clock that is set."""

    def __init__(self) -> None:
        self.at = MONDAY

    def __call__(self) -> datetime:
        return self.at

    def after(self, **amount: float) -> None:
        """Set it so long after Monday, 9 o'clock."""
        self.at = MONDAY + timedelta(**amount)


def worker_of(store: Store, desk: Desk, watch: Watch, system: DispatchSystem | None) -> Worker:
    dispatcher = LogDispatcher() if system is None else HttpDispatcher(system.url, SECRET)
    return Worker(store, desk, dispatcher, watch)


async def test_marks_come_at_10_13_and_15_minutes_and_once(
    desk: Desk, store: Store, heard: Heard
) -> None:
    ticket = await desk.open(RUDE, key="k", session_id="s1", by="bot", at=MONDAY)
    watch = Watch()
    worker = worker_of(store, desk, watch, None)
    told = []
    for minute in (9.99, 10, 12.99, 13, 14.99, 15, 16):
        watch.after(minutes=minute)
        told.append(await worker.strike())
    assert told == [0, 1, 0, 1, 0, 1, 0]
    marks = [event["mark"] for event in heard.on("desk") if event["type"] == "deadline"]
    assert marks == ["warning", "alarm", "breach"]
    ticket = await desk.find(ticket.ticket_no)
    assert ticket.progress.transfer_breached_at == MONDAY + timedelta(minutes=15)
    assert [event.event for event in await desk.history(ticket.ticket_no)] == [
        "opened",
        "breached",
    ]


async def test_a_transfer_names_what_was_added_before_it(desk: Desk, store: Store) -> None:
    picture = await desk.add_picture("s1", PNG, at=MONDAY)
    ticket = await desk.open(RUDE, key="k", session_id="s1", by="bot", at=MONDAY)
    await desk.transfer(ticket.ticket_no, UNIT, by="a", at=MONDAY)
    later = MONDAY + timedelta(minutes=1)
    await desk.add_remark(ticket.ticket_no, "还在", session_id="s1", at=later)
    async with dispatch_system() as system:
        watch = Watch()
        watch.after(minutes=2)
        worker = worker_of(store, desk, watch, system)
        await worker.deliver()
        await worker.deliver()
        await worker._dispatcher.close()
    transfer, remark = (system.acted[key] for key in system.order)
    assert [one["attachment"] for one in transfer["supplements"]] == [picture.id]
    assert (remark["letter"], remark["text"]) == ("supplement", "还在")


async def test_a_transfer_in_time_stops_the_clock(desk: Desk, store: Store) -> None:
    ticket = await desk.open(RUDE, key="k", session_id="s1", by="bot", at=MONDAY)
    await desk.transfer(ticket.ticket_no, UNIT, by="a1", at=MONDAY + timedelta(minutes=12))
    watch = Watch()
    watch.after(minutes=20)
    assert await worker_of(store, desk, watch, None).strike() == 0
    assert (await desk.find(ticket.ticket_no)).progress.transfer_breached_at is None


async def test_a_breach_during_downtime_is_recorded_for_when_it_was(
    desk: Desk, store: Store
) -> None:
    ticket = await desk.open(RUDE, key="k", session_id="s1", by="bot", at=MONDAY)
    watch = Watch()
    watch.after(hours=3)
    assert await worker_of(store, desk, watch, None).strike() == 3
    found = await desk.find(ticket.ticket_no)
    assert found.progress.transfer_breached_at == MONDAY + timedelta(minutes=15)


async def test_three_workers_strike_each_mark_once(desk: Desk, store: Store) -> None:
    for number in range(40):
        await desk.open(RUDE, key=f"k{number}", session_id="s1", by="bot", at=MONDAY)
    at = MONDAY + timedelta(minutes=15)
    struck: Counter[tuple[str, Mark]] = Counter()

    async def sweep() -> None:
        while due := await desk.strike(at, 7):
            struck.update((one.ticket_no, one.mark) for one in due)

    await asyncio.gather(sweep(), sweep(), sweep())
    while due := await desk.strike(at, 100):  # what the sweeps passed over for each other
        struck.update((one.ticket_no, one.mark) for one in due)
    assert len(struck) == 120
    assert set(struck.values()) == {1}


async def test_delivery_goes_on_until_it_is_there_and_is_acted_on_once(
    desk: Desk, store: Store
) -> None:
    ticket = await desk.open(LAMP, key="k", session_id="s1", by="bot", at=MONDAY)
    watch = Watch()
    async with dispatch_system() as system:
        worker = worker_of(store, desk, watch, system)
        system.script = [503, "after", 429]
        for minute in range(1, 6):
            await worker.deliver()
            watch.after(minutes=minute)
        await worker._dispatcher.close()
    assert system.came == {ticket.ticket_no: 4}
    letter = system.acted[ticket.ticket_no]
    assert (letter["name"], letter["phone"]) == ("陈先生", "13800138000")
    assert letter["lead_unit"] == "天河区城市管理和综合执法局"


async def test_a_sealed_caller_does_not_go_out(desk: Desk, store: Store) -> None:
    sealed = replace(LAMP, confidential=True)
    ticket = await desk.open(sealed, key="k", session_id="s1", by="bot", at=MONDAY)
    async with dispatch_system() as system:
        worker = worker_of(store, desk, Watch(), system)
        assert await worker.deliver() == 1
        await worker._dispatcher.close()
    assert not {"name", "phone"} & set(system.acted[ticket.ticket_no])


async def test_letters_of_a_ticket_go_in_order(desk: Desk, store: Store) -> None:
    ticket = await desk.open(LAMP, key="k", session_id="s1", by="bot", at=MONDAY)
    await desk.urge(ticket.ticket_no, by="caller", at=MONDAY)
    watch = Watch()
    async with dispatch_system() as system:
        worker = worker_of(store, desk, watch, system)
        system.script = [503]
        assert await worker.deliver() == 1  # the urging waits for the transfer
        watch.after(minutes=1)
        assert await worker.deliver() == 1
        assert await worker.deliver() == 1
        await worker._dispatcher.close()
    assert system.order == [ticket.ticket_no, f"{ticket.ticket_no}/3"]


async def test_what_is_refused_or_fails_for_long_is_a_dead_letter(desk: Desk, store: Store) -> None:
    watch = Watch()
    async with dispatch_system() as system:
        worker = worker_of(store, desk, watch, system)
        await desk.open(LAMP, key="k1", session_id="s1", by="bot", at=MONDAY)
        system.script = [400]
        await worker.deliver()
        await desk.open(LAMP, key="k2", session_id="s1", by="bot", at=MONDAY)
        system.script = [503] * ATTEMPTS
        for hour in range(ATTEMPTS):
            watch.after(hours=hour)
            assert await worker.deliver() == 1
        async with store.begin() as records:
            dead = await records.outbox.dead()
            assert [letter.attempts for letter in dead] == [1, ATTEMPTS]
            assert await records.outbox.revive(dead[0].id, watch())
        assert await worker.deliver() == 1
        await worker._dispatcher.close()
    assert list(system.acted) == [dead[0].key]


async def test_a_worker_that_died_with_a_letter_leaves_it_to_the_next(
    desk: Desk, store: Store
) -> None:
    await desk.open(LAMP, key="k", session_id="s1", by="bot", at=MONDAY)
    async with store.begin() as records:
        assert len(await records.outbox.lease(MONDAY, LEASE_SECONDS)) == 1
    watch = Watch()
    worker = worker_of(store, desk, watch, None)
    assert await worker.deliver() == 0
    watch.after(seconds=LEASE_SECONDS)
    assert await worker.deliver() == 1


async def test_health_says_when_the_sweeps_stop(desk: Desk, store: Store) -> None:
    watch = Watch()
    worker = worker_of(store, desk, watch, None)
    port = unused_port()
    statuses = []
    async with health_at(worker, "127.0.0.1", port), ClientSession() as http:
        for minute in (0, 1):
            if minute == 0:
                await worker.strike()
            watch.after(minutes=minute)
            async with http.get(f"http://127.0.0.1:{port}/health") as response:
                statuses.append(response.status)
    assert statuses == [200, 503]
