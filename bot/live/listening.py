"""One connection to Redis for all subscriptions of a process.

A connection that listens can do nothing else, so that one for each subscription would be
thousands. Here one task reads for everybody, from the first subscription until the last is over.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot.live.trouble import LOST, honour_cancellation

RECONNECT_SECONDS = 0.5
MOST_WAITING = 1_000  # events that one subscriber has not read; more become one gap
IDLE_SECONDS = 30.0

Event = dict[str, Any]
GAP: Event = {"type": "gap"}


@dataclass
class Topic:
    """Who listens to it. ``settled``: Redis confirmed it, or is away and will be told again."""

    queues: set[asyncio.Queue[Event]] = field(default_factory=set)
    settled: asyncio.Event = field(default_factory=asyncio.Event)


class Listening:
    """One per `Live`."""

    def __init__(self, url: str, deadline_seconds: float) -> None:
        self._deadline_seconds = deadline_seconds
        # what is lost is told as a gap, so nothing may be mended unnoticed
        self._redis: Redis = Redis.from_url(
            url,
            decode_responses=True,
            socket_timeout=deadline_seconds,
            socket_connect_timeout=deadline_seconds,
            retry=Retry(NoBackoff(), 0),
        )
        self._topics: dict[str, Topic] = {}
        self._orders = asyncio.Lock()  # subscriptions reach Redis in the order they were made
        self._pubsub: PubSub | None = None  # while it is connected
        self._away = False
        self._reader: asyncio.Future[None] | None = None

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[AsyncIterator[Event]]:
        """Events of the topics, in order, from entering the block on."""
        mine: asyncio.Queue[Event] = asyncio.Queue()
        try:
            for topic in topics:
                self._topics.setdefault(topic, Topic()).queues.add(mine)
            await self._begin(topics)
            yield _drained(mine)
        finally:
            await self._end(topics, mine)

    async def close(self) -> None:
        """Give the connection back."""
        await self._stop()
        await self._redis.aclose()

    async def _begin(self, topics: Iterable[str]) -> None:
        if self._reader is None:
            self._away = False
            self._reader = asyncio.ensure_future(self._read())  # `_stop` waits for it
        new = [topic for topic in topics if not self._topics[topic].settled.is_set()]
        if not new or self._away:
            return
        await self._order("SUBSCRIBE", new)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._deadline_seconds):
                for topic in new:
                    await self._topics[topic].settled.wait()

    async def _end(self, topics: Iterable[str], mine: asyncio.Queue[Event]) -> None:
        for topic in topics:
            known = self._topics.get(topic)
            if known is not None:
                known.queues.discard(mine)
                if not known.queues:
                    del self._topics[topic]
        if self._topics:
            await self._order("UNSUBSCRIBE", topics)
        else:
            await self._stop()

    async def _stop(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.cancel()
            await asyncio.wait([reader])
            if not reader.cancelled():
                reader.result()  # it ends by itself only by a fault

    async def _order(self, what: str, topics: Iterable[str]) -> None:
        """Tell Redis, where that is still wanted; a lost order is made up for by the reader."""
        async with self._orders:
            wanted = what == "SUBSCRIBE"
            still = [topic for topic in topics if (topic in self._topics) is wanted]
            if self._pubsub is None or not still:
                return
            try:
                if wanted:
                    await self._pubsub.subscribe(*still)
                else:
                    await self._pubsub.unsubscribe(*still)
            except LOST:
                return
            finally:
                honour_cancellation()

    async def _read(self) -> None:
        again = False
        while True:
            pubsub = self._redis.pubsub()
            try:
                async with self._orders:
                    await pubsub.subscribe(*self._topics)
                    self._pubsub, self._away = pubsub, False
                honour_cancellation()
                if again:
                    self._tell_all(GAP)
                while True:
                    self._take(await pubsub.get_message(timeout=IDLE_SECONDS))
                    honour_cancellation()
            except LOST:
                honour_cancellation()
                self._away = True
                for topic in self._topics.values():
                    topic.settled.set()
            finally:
                async with self._orders:
                    if self._pubsub is pubsub:
                        self._pubsub = None
                    await pubsub.aclose()  # type: ignore[no-untyped-call]
            again = True
            await asyncio.sleep(RECONNECT_SECONDS)

    def _take(self, message: dict[str, Any] | None) -> None:
        if message is None:
            return
        topic = self._topics.get(message["channel"])
        if topic is None:
            return
        if message["type"] == "subscribe":
            topic.settled.set()
        elif message["type"] == "message":
            event: Event = json.loads(message["data"])
            for queue in topic.queues:
                _put(queue, event)

    def _tell_all(self, event: Event) -> None:
        for queue in {queue for topic in self._topics.values() for queue in topic.queues}:
            _put(queue, event)


def _put(queue: asyncio.Queue[Event], event: Event) -> None:
    if queue.qsize() >= MOST_WAITING:
        while not queue.empty():
            queue.get_nowait()
        event = GAP
    queue.put_nowait(event)


async def _drained(queue: asyncio.Queue[Event]) -> AsyncIterator[Event]:
    while True:
        yield await queue.get()
