"""Health: each part by its own answer, with a deadline."""

import asyncio

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot import health as module
from bot.clock import now
from bot.health import Health, by_asking, over_http


async def test_a_part_that_hangs_is_away(monkeypatch) -> None:
    monkeypatch.setattr(module, "DEADLINE_SECONDS", 0.05)

    async def hangs() -> dict:
        await asyncio.sleep(5)
        return {}

    async def lives() -> bool:
        return True

    health = Health({"voice": hangs, "redis": by_asking(lives)}, now)
    assert health.works("voice")
    await health.ask()
    assert not health.works("voice")
    assert health.works("redis")
    assert health.report()["degraded"] == ["voice"]


async def test_over_http() -> None:
    async def answer(request: web.Request) -> web.Response:
        status = int(request.query["status"])
        return web.json_response({"model": "m"}, status=status)

    app = web.Application()
    app.router.add_get("/health", answer)
    async with TestServer(app) as server, ClientSession() as http:
        url = server.make_url("/health")
        assert await over_http(http, f"{url}?status=200")() == {"model": "m"}
        assert await over_http(http, f"{url}?status=503")() is None
        dead = str(url)
    async with ClientSession() as http:
        assert await over_http(http, dead)() is None
