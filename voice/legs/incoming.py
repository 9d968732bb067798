"""A TCP connection's bytes: read like any stream's at first, then told as they come.

A reader wakes a task for every packet; fifty a second of a hundred calls are better told to a
function.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, SupportsIndex

from bot.rules.errors import Rejected

Connected = Callable[[Any, asyncio.StreamWriter], Awaitable[None]]  # an `Incoming`


class Incoming(asyncio.StreamReader):
    """``readexactly``, then ``tell``."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop=loop)
        self._unread = 0
        self._hear: Callable[[bytes], bool] | None = None
        self._over = asyncio.Event()
        self._refused: Rejected | None = None

    async def readexactly(self, n: int) -> bytes:
        data = await super().readexactly(n)
        self._unread -= n
        return data

    async def tell(self, hear: Callable[[bytes], bool]) -> None:
        """``hear`` gets what comes, until the far side closes, or it returns True.

        Raises `Rejected` where ``hear`` does.
        """
        data = await self.readexactly(self._unread)
        self._hear = hear
        self._told(data)
        await self._over.wait()
        if self._refused is not None:
            raise self._refused

    def feed_data(self, data: Iterable[SupportsIndex]) -> None:
        came = bytes(data)
        if self._hear is not None:
            self._told(came)
            return
        self._unread += len(came)
        super().feed_data(came)

    def feed_eof(self) -> None:
        super().feed_eof()
        self._over.set()

    def set_exception(self, exc: Exception) -> None:
        super().set_exception(exc)
        self._over.set()

    def _told(self, data: bytes) -> None:
        if self._hear is None or self._over.is_set():
            return
        try:
            over = self._hear(data)
        except Rejected as refused:
            self._refused, over = refused, True
        if over:
            self._over.set()


async def listen(connected: Connected, host: str, port: int) -> asyncio.Server:
    """As `asyncio.start_server`, with an `Incoming` for each connection."""
    loop = asyncio.get_running_loop()

    def protocol() -> asyncio.StreamReaderProtocol:
        return asyncio.StreamReaderProtocol(Incoming(loop), connected, loop=loop)

    return await loop.create_server(protocol, host, port)
