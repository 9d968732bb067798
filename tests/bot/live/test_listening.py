"""All subscriptions of a process over one connection."""

import asyncio
from contextlib import AsyncExitStack

from redis.asyncio import Redis

from bot.live import Live
from bot.live.listening import MOST_WAITING


async def listeners(url: str) -> list[dict[str, str]]:
    async with Redis.from_url(url) as server:
        found: list[dict[str, str]] = await server.client_list(_type="pubsub")
    return found


async def test_hundreds_of_subscriptions_are_one_connection(live: Live, redis_url: str) -> None:
    async with AsyncExitStack() as stack:
        heard = [await stack.enter_async_context(live.subscribe(f"s:{n}")) for n in range(300)]
        assert len(await listeners(redis_url)) == 1
        for n in (0, 150, 299):
            await live.publish(f"s:{n}", {"type": "turn", "seq": n})
            assert await anext(heard[n]) == {"type": "turn", "seq": n}
    assert await listeners(redis_url) == []


async def test_everybody_on_a_topic_hears_it_and_who_left_does_not(live: Live) -> None:
    async with live.subscribe("a") as first:
        async with live.subscribe("a", "b") as second:
            await live.publish("a", {"seq": 1})
            await live.publish("b", {"seq": 2})
            assert [await anext(second), await anext(second)] == [{"seq": 1}, {"seq": 2}]
        async with live.subscribe("b") as third:
            await live.publish("a", {"seq": 3})
            await live.publish("b", {"seq": 4})
            assert await anext(third) == {"seq": 4}
        assert [await anext(first), await anext(first)] == [{"seq": 1}, {"seq": 3}]


async def test_a_cut_connection_is_told_as_a_gap(live: Live, redis_url: str) -> None:
    async with live.subscribe("a") as events, live.subscribe("b") as others:
        async with Redis.from_url(redis_url) as server:
            await server.client_kill_filter(_type="pubsub")
        async with asyncio.timeout(20):
            assert [await anext(events), await anext(others)] == [{"type": "gap"}] * 2
            await live.publish("b", {"seq": 1})
            assert await anext(others) == {"seq": 1}


async def test_who_does_not_read_is_told_of_a_gap(live: Live) -> None:
    async with live.subscribe("slow") as slow, live.subscribe("slow") as quick:
        for number in range(MOST_WAITING + 1):
            await live.publish("slow", {"seq": number})
            assert await anext(quick) == {"seq": number}
        assert await anext(slow) == {"type": "gap"}


async def test_topics_come_and_go_at_once(live: Live) -> None:
    async def follow(number: int) -> None:
        async with live.subscribe("x", f"x:{number % 3}") as events:
            await live.publish(f"x:{number % 3}", {"seq": number})
            async with asyncio.timeout(20):
                while await anext(events) != {"seq": number}:
                    pass

    await asyncio.gather(*(follow(number) for number in range(60)))
