"""A call over a WebSocket, in any of `voice.legs.dialects`."""

import asyncio
from collections.abc import AsyncIterator

from aiohttp import WSMsgType, web

from bot.rules.errors import Rejected
from bot.rules.session import Next
from voice.legs.dialects import Dialect, Message, Started, Stopped
from voice.legs.leg import Frame, Pace
from voice.signals import KeyPressed

_IDLE_SECONDS = 30.0
_START_SECONDS = 5.0


class WebSocketLeg:
    """A connection that has been let in."""

    def __init__(
        self, call_id: str, caller: str | None, socket: web.WebSocketResponse, dialect: Dialect
    ) -> None:
        self.call_id, self.caller = call_id, caller
        self.rate = dialect.rate
        self._socket, self._dialect = socket, dialect
        self._pace = Pace()
        self.refused: Rejected | None = None

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    async def tick(self) -> None:
        await self._pace.tick()

    async def send(self, frame: bytes) -> None:
        await self._out(self._dialect.sound(frame))

    async def flush(self) -> None:
        await self._out(self._dialect.flush())

    async def close(self, then: Next) -> None:
        await self._out(self._dialect.over(then))
        await self._socket.close(code=1008 if self.refused else 1000)

    async def events(self) -> AsyncIterator[Frame | KeyPressed]:
        """Sound and keys until the far side closes, sends nonsense or nothing at all."""
        while True:
            try:
                message = await self._socket.receive(timeout=_IDLE_SECONDS)
            except (TimeoutError, OSError):
                return
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            try:
                happened = self._dialect.read(message.data)
            except Rejected as error:
                self.refused = error
                return
            for event in happened:
                if isinstance(event, Stopped):
                    return
                if not isinstance(event, Started):
                    yield event

    async def _out(self, message: Message | None) -> None:
        if message is None or self._socket.closed:
            return
        try:
            if isinstance(message, str):
                await self._socket.send_str(message)
            else:
                await self._socket.send_bytes(message)
        except (OSError, RuntimeError):
            return


async def introduced(socket: web.WebSocketResponse, dialect: Dialect) -> Started:
    """The peer's account of the call. Raises `Rejected` when none comes."""
    try:
        async with asyncio.timeout(_START_SECONDS):
            while True:
                message = await socket.receive()
                if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                    raise Rejected("the line closed before it began", code="bad_frame")
                for event in dialect.read(message.data):
                    if isinstance(event, Started):
                        return event
    except TimeoutError as error:
        raise Rejected("the call did not introduce itself", code="bad_frame") from error
