"""Health as the containers ask for it, from a real server."""

import asyncio
import sys

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.settings import ROOT


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
async def test_it_ends_with_what_the_process_answers(status: int, code: int) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status)

    app = web.Application()
    app.router.add_get("/health", answer)
    async with TestServer(app) as server:
        assert await asked(str(server.make_url("/health"))) == code


async def test_nobody_there_is_not_healthy() -> None:
    assert await asked(f"http://127.0.0.1:{unused_port()}/health") == 1


async def asked(url: str) -> int:
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "docker" / "healthy.py"), url
    )
    return await process.wait()
