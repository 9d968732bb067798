"""The open WebSockets of this process, so that a stopping gateway says goodbye to each."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

SOCKETS: web.AppKey[set[web.WebSocketResponse]] = web.AppKey("sockets")
HEARTBEAT_SECONDS = 25.0


def keep_sockets(app: web.Application) -> None:
    """Make the application keep its sockets, and close them when it shuts down."""
    app[SOCKETS] = set()
    app.on_shutdown.append(_close_all)


@asynccontextmanager
async def open_socket(
    request: web.Request, limit: int, *, heartbeat: float | None = HEARTBEAT_SECONDS
) -> AsyncIterator[web.WebSocketResponse]:
    """A prepared WebSocket, kept while it is open. ``limit``: bytes of a message.

    A page that does not answer for one and a half times ``heartbeat`` seconds is gone; without one
    pings and pongs are the handler's, and come to it as messages.
    """
    # what is sent is small: deflating it would cost more than it saves, and memory for each page
    socket = web.WebSocketResponse(
        max_msg_size=limit, heartbeat=heartbeat, autoping=heartbeat is not None, compress=False
    )
    await socket.prepare(request)
    request.app[SOCKETS].add(socket)
    try:
        yield socket
    finally:
        request.app[SOCKETS].discard(socket)


async def join(one: Any, other: Any) -> None:
    """Messages of each of two sockets to the other, until either goes."""
    async with asyncio.TaskGroup() as group:
        pumps = [group.create_task(_pump(one, other)), group.create_task(_pump(other, one))]
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for pump in pumps:
            pump.cancel()


async def _pump(source: Any, sink: Any) -> None:
    """What is no sound and no object is not passed on."""
    async for message in source:
        try:
            if message.type is WSMsgType.BINARY:
                await sink.send_bytes(message.data)
            elif message.type is WSMsgType.TEXT and isinstance(json.loads(message.data), dict):
                await sink.send_str(message.data)
        except (OSError, RuntimeError, ValueError, RecursionError):
            return


async def _close_all(app: web.Application) -> None:
    kept = app[SOCKETS]
    for socket in tuple(kept):
        await socket.close(code=WSCloseCode.GOING_AWAY)
