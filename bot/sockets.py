"""The open WebSockets of this process, so that a stopping gateway says goodbye to each."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import WSCloseCode, web

SOCKETS: web.AppKey[set[web.WebSocketResponse]] = web.AppKey("sockets")
HEARTBEAT_SECONDS = 25.0


def keep_sockets(app: web.Application) -> None:
    """Make the application keep its sockets, and close them when it shuts down."""
    app[SOCKETS] = set()
    app.on_shutdown.append(_close_all)


@asynccontextmanager
async def open_socket(
    request: web.Request, limit: int, *, heartbeat: float = HEARTBEAT_SECONDS
) -> AsyncIterator[web.WebSocketResponse]:
    """A prepared WebSocket, kept while it is open. ``limit``: bytes of a message.

    A page that does not answer for one and a half times ``heartbeat`` seconds is gone.
    """
    socket = web.WebSocketResponse(max_msg_size=limit, heartbeat=heartbeat)
    await socket.prepare(request)
    request.app[SOCKETS].add(socket)
    try:
        yield socket
    finally:
        request.app[SOCKETS].discard(socket)


async def _close_all(app: web.Application) -> None:
    kept = app[SOCKETS]
    for socket in tuple(kept):
        await socket.close(code=WSCloseCode.GOING_AWAY)
