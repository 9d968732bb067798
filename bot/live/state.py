"""Messages to open sessions, rate limits, small caches, tables.

All of it may vanish; the records in SQL are the truth. Reads and limits therefore answer in the
caller's favour when Redis is away, and ``publish`` says False instead of raising: whoever reads
later finds the same in the records.
"""

import json
from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.backoff import ExponentialBackoff
from redis.retry import Retry

from bot.live.listening import Event, Listening
from bot.live.trouble import LOST, honour_cancellation
from bot.log import logger

DEADLINE_SECONDS = 1.0
MOST_CONNECTIONS = 32  # of one process; who finds none free waits for one
FORGOTTEN_SECONDS = 3600.0  # a member of a group who was not seen for so long is taken out

log = logger(__name__)


class Live:
    """One per process. ``url`` is a Redis URL (``redis://…`` or ``unix://…``)."""

    def __init__(self, url: str, *, deadline_seconds: float = DEADLINE_SECONDS) -> None:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=MOST_CONNECTIONS,
            timeout=deadline_seconds,
            decode_responses=True,
            socket_timeout=deadline_seconds,
            socket_connect_timeout=deadline_seconds,
            retry=Retry(ExponentialBackoff(cap=0.1, base=0.01), 1),
        )
        self._redis: Redis = Redis.from_pool(pool)
        self._listening = Listening(url, deadline_seconds)

    async def close(self) -> None:
        """Give the connections back."""
        await self._listening.close()
        await self._redis.aclose()

    async def healthy(self) -> bool:
        """Whether Redis answers now."""
        try:
            return bool(await self._redis.ping())
        except LOST:
            return False
        finally:
            honour_cancellation()

    async def publish(self, topic: str, event: Event) -> bool:
        """Tell whoever listens to the topic in any process. False when Redis is away."""
        try:
            await self._redis.publish(topic, json.dumps(event, ensure_ascii=False, default=str))
        except LOST:
            log.warning("live.publish_lost", topic=topic.split(":", 1)[0])
            return False
        finally:
            honour_cancellation()
        return True

    async def allow(self, key: str, limit: int, seconds: int) -> bool:
        """Whether this may happen once more: at most ``limit`` times in ``seconds`` per key."""
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.set(f"limit:{key}", 0, ex=seconds, nx=True)
                pipe.incr(f"limit:{key}")
                _, count = await pipe.execute()
        except LOST:
            return True
        finally:
            honour_cancellation()
        return int(count) <= limit

    async def get(self, key: str) -> str | None:
        """A remembered value, or None: not there, or Redis is away."""
        try:
            value = await self._redis.get(key)
        except LOST:
            return None
        finally:
            honour_cancellation()
        return None if value is None else str(value)

    async def take(self, key: str) -> str | None:
        """A remembered value, which is forgotten with that: only one gets it."""
        try:
            value = await self._redis.getdel(key)
        except LOST:
            return None
        finally:
            honour_cancellation()
        return None if value is None else str(value)

    async def set(self, key: str, value: str, *, seconds: int, fresh: bool = False) -> bool:
        """Remember a value for ``seconds``; with ``fresh`` only if nothing is there yet.

        True when it was written.
        """
        try:
            return bool(await self._redis.set(key, value, ex=seconds, nx=fresh))
        except LOST:
            return False
        finally:
            honour_cancellation()

    async def delete(self, key: str) -> None:
        """Forget a value."""
        try:
            await self._redis.delete(key)
        except LOST:
            log.warning("live.delete_lost")
        finally:
            honour_cancellation()

    async def join(self, group: str, members: Collection[str], *, at: float) -> bool:
        """Note that these members of a group were there at ``at``, seconds since 1970."""
        try:
            await self._redis.zadd(group, dict.fromkeys(members, at))
        except LOST:
            return False
        finally:
            honour_cancellation()
        return True

    async def joined(self, group: str, *, since: float) -> list[str] | None:
        """The members who were there since then; None when Redis is away."""
        try:
            await self._redis.zremrangebyscore(group, "-inf", since - FORGOTTEN_SECONDS)
            found = await self._redis.zrangebyscore(group, since, "+inf")
        except LOST:
            return None
        finally:
            honour_cancellation()
        return [str(member) for member in found]

    async def put(self, table: str, key: str, value: str) -> bool:
        """Remember a value of a table until it is put again."""
        try:
            await self._redis.hset(table, key, value)
        except LOST:
            return False
        finally:
            honour_cancellation()
        return True

    async def table(self, table: str) -> dict[str, str]:
        """All values of a table; empty when Redis is away."""
        try:
            found: dict[Any, Any] = await self._redis.hgetall(table)
        except LOST:
            return {}
        finally:
            honour_cancellation()
        return found

    def subscribe(self, *topics: str) -> AbstractAsyncContextManager[AsyncIterator[Event]]:
        """Events of the topics, from entering the block on, while it lasts.

        Lives through a dead Redis: it subscribes again until it is back, and then yields
        ``{"type": "gap"}``, so that the reader fetches from the records what it missed.
        """
        return self._listening.subscribe(*topics)
