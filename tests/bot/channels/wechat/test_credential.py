"""One token for all processes, renewed before it ends, by one of them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest

from bot.channels.wechat.credential import Credential
from bot.channels.wechat.wire import Wire
from bot.live import Live
from bot.rules.errors import Rejected, Unavailable
from tests.bot.channels.wechat.conftest import ACCOUNT, Time
from tests.wechat_server import WeChat, served


@pytest.fixture
async def platform(live: Live) -> AsyncIterator[tuple[WeChat, Wire, Time]]:
    await live.delete("wechat:token:miniprogram")
    await live.delete("wechat:token:miniprogram:renewal")
    time = Time()
    wechat = WeChat(clock=time.seconds)
    async with served(wechat) as address, aiohttp.ClientSession() as http:
        yield wechat, Wire(http, address, 2.0), time


async def test_twenty_processes_ask_once(platform: tuple[WeChat, Wire, Time], live: Live) -> None:
    wechat, wire, time = platform
    processes = [Credential(ACCOUNT, wire, live, time) for _ in range(20)]
    tokens = await asyncio.gather(*(one.token() for one in processes))
    assert len(set(tokens)) == 1
    assert len(wechat.calls) == 1


async def test_it_is_renewed_before_it_ends(
    platform: tuple[WeChat, Wire, Time], live: Live
) -> None:
    wechat, wire, time = platform
    one, other = (Credential(ACCOUNT, wire, live, time) for _ in range(2))
    first = await one.token()
    time.moved += timedelta(seconds=7200 - 290)
    assert await one.token() == first
    time.moved += timedelta(seconds=20)
    second = await one.token()
    assert second != first
    assert await other.token() == second
    assert wechat.forced == 0


async def test_without_redis_each_process_asks_for_itself(
    platform: tuple[WeChat, Wire, Time],
) -> None:
    wechat, wire, time = platform
    away = Live("unix:///nowhere/redis.sock")
    one, other = (Credential(ACCOUNT, wire, away, time) for _ in range(2))
    tokens = {await one.token(), await other.token(), await one.token()}
    assert len(tokens) == 1
    assert len(wechat.calls) == 2
    await away.close()


async def test_a_stale_token_is_replaced_once_for_all(
    platform: tuple[WeChat, Wire, Time], live: Live
) -> None:
    wechat, wire, time = platform
    processes = [Credential(ACCOUNT, wire, live, time) for _ in range(5)]
    stale = await processes[0].token()
    wechat.end_tokens()
    fresh = await asyncio.gather(*(one.replace(stale) for one in processes))
    assert stale not in fresh
    assert len(set(fresh)) == 1


async def test_a_wrong_secret_and_a_dead_platform_are_told_apart(
    platform: tuple[WeChat, Wire, Time], live: Live
) -> None:
    wechat, wire, time = platform
    with pytest.raises(Rejected) as refused:
        await Credential(replace(ACCOUNT, secret="x"), wire, live, time).token()
    assert refused.value.code == "wrong_secret"
    wechat.fail["/cgi-bin/stable_token"] = [-1]
    with pytest.raises(Unavailable):
        await Credential(ACCOUNT, wire, live, time).token()
    assert await Credential(ACCOUNT, wire, live, time).token()


async def test_no_secret_stands_in_an_error(live: Live) -> None:
    await live.delete("wechat:token:miniprogram")
    async with aiohttp.ClientSession() as http:
        wire = Wire(http, "http://127.0.0.1:1", 1.0)
        with pytest.raises(Unavailable) as error:
            await Credential(ACCOUNT, wire, live, Time()).token()
    assert ACCOUNT.secret not in f"{error.value!r} {error.value.__cause__!r}"
    assert ACCOUNT.secret not in repr(ACCOUNT)
