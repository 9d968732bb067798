"""A call over a WebSocket, in any of `voice.legs.dialects`."""

import asyncio

from aiohttp import WSMsgType, web

from bot.rules.errors import Rejected
from bot.rules.session import Next
from voice.legs.dialects import Dialect, Message, Started, Stopped
from voice.legs.leg import Hear
from voice.metronome import Beat, Metronome

_IDLE_SECONDS = 30.0
_START_SECONDS = 5.0
_MOST_QUEUED = 50  # messages, a second; more means that the far side does not read


class WebSocketLeg:
    """A connection that has been let in."""

    def __init__(
        self,
        call_id: str,
        caller: str | None,
        socket: web.WebSocketResponse,
        dialect: Dialect,
        metronome: Metronome,
    ) -> None:
        self.call_id, self.caller = call_id, caller
        self.rate = dialect.rate
        self._socket, self._dialect = socket, dialect
        self._metronome = metronome
        self._outgoing: asyncio.Queue[Message] = asyncio.Queue()
        self.refused: Rejected | None = None

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    def send(self, frame: bytes) -> None:
        if self._outgoing.qsize() < _MOST_QUEUED:
            self._outgoing.put_nowait(self._dialect.sound(frame))

    def flush(self) -> None:
        while not self._outgoing.empty():
            self._outgoing.get_nowait()
        message = self._dialect.flush()
        if message is not None:
            self._outgoing.put_nowait(message)

    async def carry(self, hear: Hear, beat: Beat) -> None:
        """Until the far side closes, sends nonsense or nothing at all."""
        self._metronome.join(beat)
        try:
            async with asyncio.TaskGroup() as group:
                sender = group.create_task(self._send())
                try:
                    await self._receive(hear)
                except Rejected as error:
                    self.refused = error
                sender.cancel()
        finally:
            self._metronome.leave(beat)

    async def close(self, then: Next) -> None:
        while not self._outgoing.empty():
            await self._out(self._outgoing.get_nowait())
        await self._out(self._dialect.over(then))
        await self._socket.close(code=1008 if self.refused else 1000)

    async def _receive(self, hear: Hear) -> None:
        while True:
            try:
                message = await self._socket.receive(timeout=_IDLE_SECONDS)
            except (TimeoutError, OSError):
                return
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            for event in self._dialect.read(message.data):
                if isinstance(event, Stopped):
                    return
                if not isinstance(event, Started):
                    hear(event)

    async def _send(self) -> None:
        while True:
            await self._out(await self._outgoing.get())

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
