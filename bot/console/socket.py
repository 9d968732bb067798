"""``/ws/desk``: what changes, as it changes; and the sign that an agent is there.

The server sends the desk's events (``handoff``, ``ticket``), those of the conversations the page
watches (``turn``), and ``gap`` when events may have been lost. The page sends
``{"type": "watch", "session_id"}`` and ``{"type": "unwatch", "session_id"}``.
"""

import asyncio
import json
from typing import Any

from aiohttp import WSMsgType, web

from bot import metrics
from bot.console.access import Seat
from bot.console.handoffs import may_watch
from bot.console.parts import CONSOLE, SEAT, Console
from bot.rules.errors import HotlineError, Rejected
from bot.sockets import open_socket

FRAME_BYTES = 4 * 1024
MOST_WATCHED = 40
HEARTBEAT_SECONDS = 1.2  # a page that does not answer for half of this more is gone
TOLD = frozenset(
    {"type", "what", "handoff_id", "session_id", "status", "priority", "skill", "agent", "seq"}
    | {"ticket_no", "speaker", "version", "light", "to", "kind"}
)


async def desk_socket(request: web.Request) -> web.WebSocketResponse:
    """Events until the page goes; the agent is there for as long."""
    console, seat = request.app[CONSOLE], request[SEAT]
    async with open_socket(request, FRAME_BYTES, heartbeat=HEARTBEAT_SECONDS) as socket:
        with metrics.connections.labels("desk").track_inprogress():
            await DeskPage(console, seat, socket).run()
        return socket


class DeskPage:
    """One page of a signed-in agent."""

    def __init__(self, console: Console, seat: Seat, socket: web.WebSocketResponse) -> None:
        self._console = console
        self._seat = seat
        self._socket = socket
        self._watching: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Serve the page until it goes."""
        async with asyncio.TaskGroup() as group:
            told = group.create_task(self._tell("desk"))
            seat, console = self._seat, self._console
            await console.attendance.arrive(seat.login, seat.name, seat.skills)
            with console.presence.here(seat.login):
                await console.presence.note(seat.login)
                async for message in self._socket:
                    if message.type is WSMsgType.TEXT:
                        await self._take(message.data, group)
            for task in (told, *self._watching.values()):
                task.cancel()

    async def _take(self, message: str, group: asyncio.TaskGroup) -> None:
        try:
            kind, session_id = _read(message)
            if kind == "watch":
                await self._watch(session_id, group)
            elif session_id in self._watching:
                self._watching.pop(session_id).cancel()
        except HotlineError as error:
            code = error.code if isinstance(error, Rejected) else "unavailable"
            await self._send({"type": "error", "code": code, "message": str(error)})

    async def _watch(self, session_id: str, group: asyncio.TaskGroup) -> None:
        if session_id in self._watching:
            return
        if len(self._watching) >= MOST_WATCHED:
            raise Rejected("too many conversations at once", code="too_many")
        await may_watch(self._console, self._seat, session_id)
        self._watching[session_id] = group.create_task(
            self._tell(f"session:{session_id}", session_id)
        )

    async def _tell(self, topic: str, session_id: str | None = None) -> None:
        async with self._console.live.subscribe(topic) as events:
            await self._send({"type": "watching", "topic": topic.split(":", 1)[0]})
            async for event in events:
                told = {name: value for name, value in event.items() if name in TOLD}
                if session_id is not None:
                    told["session_id"] = session_id
                await self._send(told)

    async def _send(self, payload: dict[str, Any]) -> None:
        if self._socket.closed:
            return
        try:
            await self._socket.send_json(payload)
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
