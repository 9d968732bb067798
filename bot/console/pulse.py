"""Whether a desk page still answers, asked again and again.

The library's own heartbeat takes a page for gone when the answer was not *read* in time. A gateway
that stood still for a second has read nothing, and would cut off all its pages, all of which come
back at once. Here who was late asks again.
"""

import asyncio

from aiohttp import web

BEAT_SECONDS = 0.9  # a page that is gone is known to be after two at most
LATE_SECONDS = 0.2


class Pulse:
    """One page's."""

    def __init__(self) -> None:
        self._heard_at = 0.0

    def heard(self) -> None:
        """Something came from the page."""
        self._heard_at = asyncio.get_running_loop().time()

    async def keep(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        """Ask until the page is gone; its connection is cut then."""
        loop = asyncio.get_running_loop()
        while True:
            asked_at = loop.time()
            try:
                await socket.ping()
            except ConnectionResetError:
                return
            await asyncio.sleep(BEAT_SECONDS)
            late = loop.time() - asked_at > BEAT_SECONDS + LATE_SECONDS
            if self._heard_at < asked_at and not late:
                if request.transport is not None:
                    request.transport.abort()
                return
