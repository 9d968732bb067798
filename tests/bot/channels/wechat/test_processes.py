"""Real processes, killed: what was acknowledged is answered, once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.live import Live
from tests.wechat_processes import Office, office

ME = "oAbC_1234567890123456789012"


@pytest.fixture
async def running(tmp_path: Path, redis_url: str, live: Live) -> AsyncIterator[Office]:
    await live.delete("wechat:token:miniprogram")
    async with office(tmp_path, redis_url) as made:
        yield made


async def test_the_gateway_dies_between_acknowledgement_and_answer(running: Office) -> None:
    await running.start("gateway")
    number = running.platform.number()
    assert await running.pusher.say(ME, "路灯坏了", number=number) == [200]
    await running.kill("gateway")
    await running.start("gateway")
    assert await running.pusher.say(ME, "路灯坏了", number=number) == [200]
    await running.start("worker")
    assert (await running.told(ME, 2))[1:] == ["heard: 路灯坏了"]
    assert await running.pusher.say(ME, "谢谢") == [200]
    assert (await running.told(ME, 3))[1:] == ["heard: 路灯坏了", "heard: 谢谢"]
    assert running.rasa.asked == ["路灯坏了", "谢谢"]


async def test_with_everything_else_dead_it_is_acknowledged(running: Office) -> None:
    running.environment["HOTLINE_REDIS_URL"] = "unix:///nowhere/redis.sock"
    running.environment["HOTLINE_RASA_URL"] = "http://127.0.0.1:1"
    await running.start("gateway")
    for n in range(5):
        assert await running.pusher.say(ME, f"{n}") == [200]


async def test_the_worker_dies_while_it_hears_and_another_goes_on(running: Office) -> None:
    running.rasa.seconds = 2.0
    await running.start("gateway")
    await running.start("worker")
    assert await running.pusher.say(ME, "井盖") == [200]
    while not running.rasa.asked:
        await asyncio.sleep(0.02)
    await running.kill("worker")
    running.rasa.seconds = 0.0
    running.end_leases()
    await running.start("worker")
    assert (await running.told(ME, 2))[1:] == ["heard: 井盖"]
    assert ME not in running.log("gateway") + running.log("worker")
