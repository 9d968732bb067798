"""The desk's addresses."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

from bot.console import agents, door, handoffs, tickets
from bot.console.parts import CONSOLE, Console
from bot.console.socket import desk_socket
from bot.pages import add_page

TICKET = r"/api/desk/tickets/{ticket_no}"
HANDOFF = r"/api/desk/handoffs/{handoff_id:\d+}"
SESSION = r"/api/desk/sessions/{session_id}"


def add_console(app: web.Application, console: Console) -> None:
    """Serve the desk's page, its API and its WebSocket, behind the door."""
    app[CONSOLE] = console
    app.middlewares.append(door.door)
    app.cleanup_ctx.append(_watching)
    add_page(app, "/desk", "desk", Path(__file__).parent / "page")
    app.router.add_get("/ws/desk", desk_socket)
    app.router.add_routes(
        [
            web.post("/api/desk/login", door.sign_in),
            web.post("/api/desk/logout", door.sign_out),
            web.get("/api/desk/me", door.me),
            web.post("/api/desk/password", agents.change_password),
            web.get("/api/desk/agents", agents.listed),
            web.post("/api/desk/agents", agents.add),
            web.get("/api/desk/units", tickets.units),
            web.get("/api/desk/tickets", tickets.listed),
            web.get(TICKET, tickets.one),
            web.post(f"{TICKET}/transfer", tickets.transfer),
            web.post(f"{TICKET}/orders", tickets.order),
            web.post(f"{TICKET}/identity", tickets.identity),
            web.get("/api/desk/handoffs", handoffs.listed),
            web.post(f"{HANDOFF}/accept", handoffs.accept),
            web.post(f"{HANDOFF}/release", handoffs.release),
            web.get(SESSION, handoffs.conversation),
            web.post(f"{SESSION}/say", handoffs.say),
        ]
    )


async def _watching(app: web.Application) -> AsyncIterator[None]:
    """Callers whose agent is gone are given back while the application runs."""
    async with asyncio.TaskGroup() as group:
        watch = group.create_task(app[CONSOLE].presence.watch())
        yield
        watch.cancel()
