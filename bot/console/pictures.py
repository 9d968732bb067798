"""Pictures in a conversation, at the desk: sent by who has the caller, seen by who may watch."""

from aiohttp import web

from bot.console.handoffs import look
from bot.console.parts import CONSOLE, SEAT
from bot.console.roles import Deed, allow
from bot.desk.pictures import PICTURE_BYTES
from bot.forms import form


async def send(request: web.Request) -> web.Response:
    """``POST …/sessions/{id}/pictures`` (form: file)."""
    console, seat = request.app[CONSOLE], request[SEAT]
    allow(seat.role, Deed.TAKE_CALLERS)
    _, data = await form(request, PICTURE_BYTES, "picture_too_big")
    kept = await console.desk.show_picture(request.match_info["session_id"], data, agent=seat.login)
    return web.json_response({"picture": kept.id}, status=201)


async def see(request: web.Request) -> web.Response:
    """``GET …/sessions/{id}/pictures/{picture}``."""
    console, session_id = request.app[CONSOLE], request.match_info["session_id"]
    await look(console, request[SEAT], session_id)
    mime, data = await console.desk.picture(session_id, request.match_info["picture"])
    return web.Response(body=data, content_type=mime)
