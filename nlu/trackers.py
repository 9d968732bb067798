"""Rasa's trackers and locks in the product's Redis, reached by URL.

Rasa's own stores know host and port only; the embedded server listens on a Unix socket.
"""

import os
from typing import Any

import redis
from rasa.core.brokers.broker import EventBroker
from rasa.core.lock_store import RedisLockStore
from rasa.core.tracker_store import RedisTrackerStore
from rasa.shared.core.domain import Domain

DEADLINE_SECONDS = 2.0
KEPT_SECONDS = 24 * 3600  # an abandoned report is offered again for a day


def connect(url: str | None = None) -> "redis.Redis[str]":
    """A client for HOTLINE_REDIS_URL."""
    return redis.Redis.from_url(
        url or os.environ["HOTLINE_REDIS_URL"],
        decode_responses=True,
        socket_timeout=DEADLINE_SECONDS,
        socket_connect_timeout=DEADLINE_SECONDS,
    )


class TrackerStore(RedisTrackerStore):
    """Conversations, kept for a day."""

    def __init__(
        self,
        domain: Domain,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker=event_broker, record_exp=KEPT_SECONDS)
        self.red = connect(host)


class LockStore(RedisLockStore):
    """One utterance of a conversation at a time, over all Rasa servers."""

    def __init__(self, endpoint_config: Any = None, **kwargs: dict[str, Any]) -> None:
        super().__init__()
        self.red = connect()
