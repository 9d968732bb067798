"""``/ws/desk/call?session=…``: an agent speaks to a caller on the phone through the desk page.

Binary frames are s16 mono at 16 kHz, 20 ms each way, passed on to the voice process, which mixes
and writes down what is said. Who has the caller, or is a guest, speaks; a supervisor listens in,
which is noted. A call whose agent has a phone of Asterisk's is not held by the voice process:
``{"event": "refused", "code": "no_line"}``.
"""

import asyncio
from dataclasses import dataclass
from urllib.parse import quote

import aiohttp
from aiohttp import web

from bot import metrics
from bot.console.handoffs import look
from bot.console.parts import CONSOLE, SEAT
from bot.rules.errors import HotlineError, NotFound, Rejected, Unavailable
from bot.sockets import join, open_socket

FRAME_BYTES = 16 * 1024
CONNECT_SECONDS = 5.0


@dataclass(frozen=True)
class VoiceLine:
    """``voice``: the voice process's URL."""

    http: aiohttp.ClientSession
    voice: str


LINE: web.AppKey[VoiceLine | None] = web.AppKey("voice_line")


async def line_socket(request: web.Request) -> web.WebSocketResponse:
    """Sound both ways until either side goes."""
    async with open_socket(request, FRAME_BYTES) as page:
        try:
            line = await _line(request, request.query.get("session", ""))
        except HotlineError as error:
            code = {Rejected: "not_yours", NotFound: "no_line"}.get(type(error), "unavailable")
            await page.send_json({"event": "refused", "code": code})
        else:
            async with line:
                with metrics.connections.labels("agent_call").track_inprogress():
                    await join(page, line)
        await page.close()
        return page


async def _line(request: web.Request, session_id: str) -> aiohttp.ClientWebSocketResponse:
    to, console, seat = request.app[LINE], request.app[CONSOLE], request[SEAT]
    if to is None:
        raise NotFound("no voice process")
    speaks = await look(console, seat, session_id)
    query = f"who={quote(seat.login)}{'' if speaks else '&listens'}"
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            address = f"{to.voice}/talks/{quote(session_id, safe='')}?{query}"
            return await to.http.ws_connect(address, max_msg_size=FRAME_BYTES)
    except aiohttp.WSServerHandshakeError as error:
        if error.status == 404:
            raise NotFound("the voice process does not hold this call") from None
        raise Unavailable("the voice process does not answer") from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unavailable("the voice process does not answer") from error
