"""``/ws/call``: a call from a browser. Its sound goes through to the voice process and back.

Binary frames are s16 mono at 16 kHz, 20 ms each way; a key of the phone is
``{"event": "dtmf", "digit": "0"}``. The voice process lets in only calls that were announced, and
listens on loopback: this is where a page's call is announced. It stays with the voice process
when a person takes over, who speaks through the desk page.
"""

import asyncio
from pathlib import Path

import aiohttp
from aiohttp import web

from bot import metrics
from bot.guard import PEER
from bot.live import Live
from bot.pages import add_page
from bot.rules.errors import HotlineError, Rejected, Unavailable
from bot.sockets import join, open_socket

FRAME_BYTES = 16 * 1024
CALLS_A_MINUTE = 20  # from one address
CONNECT_SECONDS = 3.0
TRY_AGAIN_LATER, POLICY_VIOLATION = 1013, 1008

VOICE = web.AppKey("voice", str)
CALL_HTTP = web.AppKey("call_http", aiohttp.ClientSession)
CALL_LIVE = web.AppKey("call_live", Live)


def add_calls(app: web.Application, http: aiohttp.ClientSession, voice: str, live: Live) -> None:
    """Let pages call. ``voice``: the voice process's URL."""
    app[VOICE], app[CALL_HTTP], app[CALL_LIVE] = voice, http, live
    app.router.add_get("/ws/call", call_socket)
    add_page(app, "/call", "call", Path(__file__).parent / "call_page")


async def call_socket(request: web.Request) -> web.WebSocketResponse:
    """Sound both ways until either side goes."""
    async with open_socket(request, FRAME_BYTES) as page:
        try:
            line = await _line(request)
        except HotlineError as error:
            refused = isinstance(error, Rejected)
            code = error.code if isinstance(error, Rejected) else "unavailable"
            await page.send_json({"event": "refused", "code": code})
            await page.close(code=POLICY_VIOLATION if refused else TRY_AGAIN_LATER)
            return page
        with metrics.connections.labels("call").track_inprogress():
            async with line:
                await join(page, line)
        await page.close()
        return page


async def _line(request: web.Request) -> aiohttp.ClientWebSocketResponse:
    """An announced call to the voice process."""
    app = request.app
    if not await app[CALL_LIVE].allow(f"call.new:{request[PEER]}", CALLS_A_MINUTE, 60):
        raise Rejected("too many calls from this address", code="too_many")
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            async with app[CALL_HTTP].post(f"{app[VOICE]}/calls/new/?stays") as answer:
                if answer.status != 200:
                    raise Unavailable(f"the voice process answered {answer.status}")
                call = await answer.text()
            url = f"{app[VOICE]}/media/l16?call={call}&rate=16000"
            return await app[CALL_HTTP].ws_connect(url, max_msg_size=FRAME_BYTES)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unavailable("the voice process does not answer") from error
