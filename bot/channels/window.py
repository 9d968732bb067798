"""What a page sees: everything that goes out over one WebSocket, and how far it has got."""

import asyncio
from contextlib import suppress
from typing import Any

from aiohttp import web

from bot import metrics
from bot.channels.chat import Transcript
from bot.log import logger
from bot.rules.errors import HotlineError, NotFound, Rejected, Unavailable
from bot.rules.waiting import Wait

log = logger(__name__)

UNAVAILABLE = "unavailable"


class Window:
    """The view of one page on one session. ``after`` is the last turn it has already."""

    def __init__(
        self, socket: web.WebSocketResponse, transcript: Transcript, session_id: str, after: int
    ) -> None:
        self._socket = socket
        self._transcript = transcript
        self._session_id = session_id
        self._sending = asyncio.Lock()
        self.after = after
        self.behind = False  # the records could not be read when they should have been
        self._handler = "bot"
        self._standing: tuple[int, Wait | None] | None = None

    async def catch_up(self, upto: int | None = None) -> None:
        """Send every turn of the records that the page has not got, in their order.

        Nothing is read where the page has turn ``upto``, the newest that is known of.
        """
        async with self._sending:
            if upto is not None and self.after >= upto:
                return
            try:
                turns = await self._transcript.since(self._session_id, self.after)
            except HotlineError:
                self.behind = True
                return
            self.behind = False
            for turn in turns:
                await _write(self._socket, {"type": "turn", **turn})
                self.after = turn["seq"]

    async def take(self, turns: list[dict[str, Any]]) -> None:
        """Send those of the told turns that come next; what is missing is left to `catch_up`."""
        async with self._sending:
            for turn in turns:
                if turn["seq"] == self.after + 1:
                    await _write(self._socket, {"type": "turn", **turn})
                    self.after = turn["seq"]

    @property
    def waiting(self) -> bool:
        """Whether the caller waited for an agent when that was last looked at."""
        return self._handler == "waiting"

    @property
    def with_agent(self) -> bool:
        """Whether an agent had the session when it was last looked at."""
        return self._handler == "agent"

    async def look_at_handler(self) -> str:
        """Who has the session: bot, waiting, agent or ended; the last known without records."""
        with suppress(Unavailable, NotFound):
            self._handler = await self._transcript.handler(self._session_id)
        return self._handler

    async def tell_handler(self) -> None:
        """Tell the page who has the session, and its place in the queue, when either changed."""
        before = self._handler, self._standing
        handler = await self.look_at_handler()
        self._standing = await self._look_at_standing() if handler == "waiting" else None
        if (handler, self._standing) != before:
            place, wait = self._standing or (None, None)
            told = [wait.low, wait.high] if wait else None
            await self.send({"type": "handler", "handler": handler, "place": place, "wait": told})

    async def _look_at_standing(self) -> tuple[int, Wait | None] | None:
        try:
            return await self._transcript.standing(self._session_id)
        except (Unavailable, NotFound):
            return self._standing

    async def send(self, payload: dict[str, Any]) -> None:
        """One frame."""
        async with self._sending:
            await _write(self._socket, payload)

    async def send_sound(self, payload: dict[str, Any], sound: bytes) -> None:
        """A frame and the binary message that belongs to it, with nothing between them."""
        async with self._sending:
            await _write(self._socket, payload)
            await _write(self._socket, sound)

    async def refuse(
        self, error: HotlineError, *, unavailable: str = UNAVAILABLE, **about: Any
    ) -> None:
        """Tell the page what was wrong, and about what; it has the words for each code."""
        await self.send(refusal(error, unavailable) | about)


def refusal(error: HotlineError, unavailable: str = UNAVAILABLE) -> dict[str, Any]:
    """The error frame: ``code`` is stable, ``message`` is for developers, ``field`` where known."""
    code, field = unavailable, None
    if isinstance(error, Rejected):
        code, field = error.code, error.field
    elif isinstance(error, NotFound):
        code = "not_found"
    if isinstance(error, Unavailable):
        metrics.fallbacks.labels(code).inc()
    else:
        metrics.refusals.labels(code).inc()
    log.info("chat.refused", code=code, field=field)
    frame = {"type": "error", "code": code, "message": str(error)}
    return frame if field is None else frame | {"field": field}


async def _write(socket: web.WebSocketResponse, payload: dict[str, Any] | bytes) -> None:
    """Write, unless the page has gone: the records have it for when it is back."""
    if socket.closed:
        return
    try:
        if isinstance(payload, bytes):
            await socket.send_bytes(payload)
        else:
            await socket.send_json(payload)
    except ConnectionResetError:
        log.debug("chat.page_gone")
