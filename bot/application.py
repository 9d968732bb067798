"""The gateway's application: web chat, desk, API, health and metrics behind one address."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import yaml
from aiohttp import web

from bot import guard, metrics
from bot.channels.chat import Chat
from bot.channels.web import CHAT, chat_socket
from bot.health import HEALTH, Health
from bot.pages import add_page
from bot.sockets import keep_sockets

HERE = Path(__file__).parent

Count = Callable[[], Awaitable[None]]
COUNT: web.AppKey[Count] = web.AppKey("count")


def create_app(chat: Chat, health: Health, count: Count) -> web.Application:
    """The application. ``count`` brings the gauges that the records know up to date."""
    app = web.Application(
        middlewares=[guard.headers, guard.errors, guard.peer], client_max_size=guard.BODY_BYTES
    )
    keep_sockets(app)
    app[CHAT] = chat
    app[HEALTH] = health
    app[COUNT] = count
    add_page(app, "/", "chat", HERE / "channels" / "page")
    app.router.add_get("/ws/chat", chat_socket)
    app.cleanup_ctx.append(watching)
    app.router.add_get("/health", report)
    app.router.add_get("/metrics", exposition)
    app.router.add_get("/api/openapi.json", openapi)
    return app


async def watching(app: web.Application) -> AsyncIterator[None]:
    """Health is asked for while the application runs; all is known before it serves."""
    health = app[HEALTH]
    await health.ask()
    async with asyncio.TaskGroup() as group:
        watch = group.create_task(health.watch())
        yield
        watch.cancel()


async def report(request: web.Request) -> web.Response:
    """``/health``: 200 as long as the gateway itself can serve, with what is degraded."""
    return web.json_response(request.app[HEALTH].report())


async def exposition(request: web.Request) -> web.Response:
    """``/metrics`` in Prometheus' text format."""
    await request.app[COUNT]()
    return web.Response(
        body=metrics.exposition(),
        headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
    )


async def openapi(_: web.Request) -> web.Response:
    """``/api/openapi.json``: what the gateway offers."""
    return web.json_response(description())


def description() -> dict[str, object]:
    """The OpenAPI description, from ``openapi.yml``."""
    text = (HERE / "openapi.yml").read_text(encoding="utf-8")
    loaded: dict[str, object] = yaml.safe_load(text)
    return loaded
