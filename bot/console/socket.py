"""``/ws/desk``: what changes, as it changes; and the sign that an agent is there.

The server sends what the board tells every page (``handoff`` with its row where this agent may see
it, ``ticket``, ``counts`` …), the turns of the conversations the page watches (``turn``), and
``gap`` when something may have been lost. The page sends ``{"type": "watch", "session_id"}`` and
``{"type": "unwatch", "session_id"}``.
"""

import asyncio
import json
from typing import Any

from aiohttp import WSMsgType, web

from bot import metrics
from bot.console.access import Seat
from bot.console.board import Watcher
from bot.console.parts import CONSOLE, SEAT, Console
from bot.console.pulse import Pulse
from bot.console.watched import Watched
from bot.rules.errors import HotlineError, Rejected
from bot.sockets import open_socket

FRAME_BYTES = 4 * 1024
MOST_WATCHED = 40


async def desk_socket(request: web.Request) -> web.WebSocketResponse:
    """Events until the page goes; the agent is there for as long."""
    console, seat = request.app[CONSOLE], request[SEAT]
    async with open_socket(request, FRAME_BYTES, heartbeat=None) as socket:
        with (
            metrics.connections.labels("desk").track_inprogress(),
            console.board.shown(seat) as watcher,
        ):
            await DeskPage(console, seat, watcher).run(socket, request)
        return socket


class DeskPage:
    """One page of a signed-in agent."""

    def __init__(self, console: Console, seat: Seat, watcher: Watcher) -> None:
        self._console = console
        self._seat = seat
        self._watcher = watcher
        self._watching: dict[str, tuple[Watched, asyncio.Task[None]]] = {}

    async def run(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        """Serve the page until it goes."""
        pulse = Pulse()
        async with asyncio.TaskGroup() as group:
            aside = [
                group.create_task(self._send(socket)),
                group.create_task(pulse.keep(socket, request)),
            ]
            seat, console = self._seat, self._console
            await console.attendance.arrive(seat.login, seat.name, seat.skills)
            await console.presence.note(seat.login)
            with console.presence.here(seat.login):
                self._tell({"type": "watching", "topic": "desk"})
                async for message in socket:
                    pulse.heard()
                    if message.type is WSMsgType.TEXT:
                        await self._take(message.data, group)
                    elif message.type is WSMsgType.PING:
                        await socket.pong(message.data)
            for task in (*aside, *(task for _, task in self._watching.values())):
                task.cancel()

    async def _take(self, message: str, group: asyncio.TaskGroup) -> None:
        try:
            kind, session_id = _read(message)
            if kind == "watch":
                await self._watch(session_id, group)
            elif session_id in self._watching:
                self._watching.pop(session_id)[1].cancel()
        except HotlineError as error:
            code = error.code if isinstance(error, Rejected) else "unavailable"
            self._tell({"type": "error", "code": code, "message": str(error)})

    async def _watch(self, session_id: str, group: asyncio.TaskGroup) -> None:
        """Watching once more looks again at what this agent may see of it."""
        known, task = self._watching.get(session_id, (None, None))
        if known is not None and task is not None and not task.done():
            await known.look()
            return
        if len(self._watching) >= MOST_WATCHED:
            raise Rejected("too many conversations at once", code="too_many")
        watched = Watched(self._console, self._seat, session_id, self._tell)
        await watched.look()
        self._watching[session_id] = watched, group.create_task(watched.follow())

    def _tell(self, payload: dict[str, Any]) -> None:
        self._watcher.put(json.dumps(payload, ensure_ascii=False))

    async def _send(self, socket: web.WebSocketResponse) -> None:
        while True:
            frame = await self._watcher.frames.get()
            try:
                await socket.send_str(frame)
            except ConnectionResetError:
                return


def _read(message: str) -> tuple[str, str]:
    try:
        frame = json.loads(message)
        kind, session_id = frame["type"], frame["session_id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Rejected("not a frame of the desk", code="frame_malformed") from None
    if kind not in ("watch", "unwatch") or not isinstance(session_id, str) or len(session_id) > 128:
        raise Rejected("not a frame of the desk", code="frame_malformed", field="type")
    return kind, session_id
