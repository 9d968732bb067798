"""What a Redis that is away raises, and what its client does to a cancellation."""

import asyncio

from redis.exceptions import RedisError

LOST = (RedisError, OSError, asyncio.TimeoutError)


def honour_cancellation() -> None:
    """Before Python 3.12 ``asyncio.wait_for``, which the client library sends through, can swallow
    a cancellation that meets it at its end: what was cancelled would run on for ever."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
