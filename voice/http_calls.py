"""Calls over HTTP: announced, asked where they go, their sound over WebSockets."""

import re
import time

from aiohttp import web

from bot.rules.errors import HotlineError, Rejected, Unavailable
from bot.rules.session import Next
from voice import metrics
from voice.desk import DESK
from voice.legs.dialects import Started, dialect
from voice.legs.websocket import WebSocketLeg, introduced
from voice.people.member import on_the_line


async def announce(request: web.Request) -> web.Response:
    """``GET`` or ``POST /calls/new/{caller}``: the id of a call that will come, as plain text.

    With ``?stays`` an agent speaks to the caller through us (`voice.people`).
    """
    desk = request.app[DESK]
    if not desk.switchboard.room:
        metrics.refused.labels("full").inc()
        raise Unavailable("as many calls as this process takes")
    caller, stays = request.match_info.get("caller"), "stays" in request.query
    return web.Response(text=desk.lines.announce(caller, time.monotonic(), stays=stays))


async def then(request: web.Request) -> web.Response:
    """``GET /calls/{call}/next``: where the call goes now, one word; ``agent`` when in doubt."""
    following = request.app[DESK].lines.then(request.match_info["call"])
    return web.Response(text=(Next.AGENT if following is Next.LISTEN else following).value)


async def left(request: web.Request) -> web.Response:
    """``GET /calls/{call}/left``: the caller hung up while waiting for a person."""
    await request.app[DESK].switchboard.left(request.match_info["call"])
    return web.Response(text="ok")


async def media(request: web.Request) -> web.WebSocketResponse:
    """``GET /media/{dialect}?call=…&rate=…``: a call's sound over a WebSocket."""
    desk = request.app[DESK]
    rate = request.query.get("rate", "16000")
    if not re.fullmatch("[0-9]{1,6}", rate):
        raise Rejected("rate: a number", code="bad_rate", field="rate")
    spoken = dialect(request.match_info["dialect"], int(rate))
    call_id = request.query.get("call")
    line = desk.switchboard.admit(call_id) if call_id else None
    socket = web.WebSocketResponse(max_msg_size=2**17, heartbeat=15, protocols=("media",))
    await socket.prepare(request)
    try:
        if line is None:
            named: Started = await introduced(socket, spoken)
            line = desk.switchboard.admit(named.call_id or "")
    except HotlineError as problem:
        await socket.close(code=1008, message=str(problem).encode()[:120])
        return socket
    leg = WebSocketLeg(line.session, line.caller, socket, spoken, desk.switchboard.metronome)
    await desk.switchboard.hold(line, leg)
    return socket


async def member(request: web.Request) -> web.WebSocketResponse:
    """``GET /talks/{session}?who=…&listens``: somebody of the desk on the line, as the gateway has
    checked. Binary s16 mono at 16 kHz, 20 ms each way.
    """
    talk = await request.app[DESK].switchboard.talk(request.match_info["session"])
    socket = web.WebSocketResponse(max_msg_size=2**16, heartbeat=15)
    await socket.prepare(request)
    await on_the_line(talk, socket, request.query.get("who", ""), "listens" in request.query)
    return socket
