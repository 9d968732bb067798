import asyncio
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import StatementError

from bot.rules.errors import Rejected
from bot.rules.session import Channel, Handler, Speaker
from bot.store import Store
from tests.bot.conftest import MONDAY


async def test_many_processes_may_open_a_new_database_at_once(empty_database_url: str) -> None:
    stores = await asyncio.gather(*(Store.open(empty_database_url, pool=2) for _ in range(6)))
    async with stores[0].begin() as records:
        await records.sessions.begin("s1", Channel.WEB, None, MONDAY)
    async with stores[5].read() as records:
        assert (await records.sessions.get("s1")).begun_at == MONDAY
    for store in stores:
        await store.close()


async def test_what_fails_leaves_nothing_behind(store: Store) -> None:
    async def half() -> None:
        async with store.begin() as records:
            await records.sessions.begin("s1", Channel.WEB, None, MONDAY)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await half()
    async with store.read() as records:
        assert await records.sessions.find("s1") is None


async def test_turns_are_numbered_from_one_whoever_races(store: Store) -> None:
    async with store.begin() as records:
        await records.sessions.begin("s1", Channel.WEB, None, MONDAY)

    async def say(number: int) -> int:
        async with store.begin() as records:
            return await records.turns.add("s1", Speaker.CALLER, str(number), MONDAY)

    numbers = await asyncio.gather(*(say(n) for n in range(20)))
    assert sorted(numbers) == list(range(1, 21))


async def test_an_utterance_is_taken_once(store: Store) -> None:
    async with store.begin() as records:
        await records.sessions.begin("s1", Channel.WEB, None, MONDAY)
        await records.turns.add("s1", Speaker.CALLER, "a", MONDAY, utterance_id="u1")
    with pytest.raises(Rejected) as refused:
        async with store.begin() as records:
            await records.turns.add("s1", Speaker.CALLER, "a", MONDAY, utterance_id="u1")
    assert refused.value.code == "conflict"
    async with store.begin() as records:
        assert await records.turns.outcome("s1", "u1") is None
        await records.turns.close("s1", "u1", status="answered", outcome={"status": "answered"})
    async with store.read() as records:
        assert await records.turns.outcome("s1", "u1") == {"status": "answered"}
        assert [turn.seq for turn in await records.turns.since("s1")] == [1]


async def test_failures_are_counted_in_a_row(store: Store) -> None:
    async with store.begin() as records:
        await records.sessions.begin("s1", Channel.WEB, None, MONDAY)
        assert await records.sessions.failed("s1") == 1
        assert await records.sessions.failed("s1") == 2
        await records.sessions.understood("s1")
        assert await records.sessions.failed("s1") == 1


async def test_a_session_keeps_who_has_it(store: Store) -> None:
    async with store.begin() as records:
        await records.sessions.begin("s1", Channel.PHONE, "13800138000", MONDAY)
        await records.sessions.set_handler("s1", Handler.AGENT, agent="a1")
    async with store.begin() as records:
        session = await records.sessions.begin("s1", Channel.WEB, None, MONDAY)
    assert (session.handler, session.agent, session.channel) == (
        Handler.AGENT,
        "a1",
        Channel.PHONE,
    )


async def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    naive = datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001 - the point of the test
    with pytest.raises(StatementError, match="without a zone"):
        async with store.begin() as records:
            await records.sessions.begin("s1", Channel.WEB, None, naive)


async def test_a_checkpoint_brings_the_log_into_the_file(tmp_path: Path) -> None:
    file, copy = tmp_path / "hotline.db", tmp_path / "copy.db"
    store = await Store.open(f"sqlite+aiosqlite:///{file}")
    async with store.begin() as records:
        await records.sessions.begin("s1", Channel.WEB, None, MONDAY)
    await store.checkpoint()
    copy.write_bytes(file.read_bytes())  # without its log
    await store.close()
    copied = await Store.open(f"sqlite+aiosqlite:///{copy}")
    async with copied.read() as records:
        assert (await records.sessions.get("s1")).begun_at == MONDAY
    await copied.close()
