"""``/api/chat/pictures``: pictures that callers send on the web page, and see again.

The session's token comes as ``Authorization: Bearer …``.
"""

from aiohttp import web

from bot.channels.chat import Chat
from bot.desk import Desk
from bot.desk.pictures import PICTURE_BYTES
from bot.forms import form
from bot.rules.errors import Rejected

PICTURES = ("chat.pictures", 20, 600)
PICTURES_DESK: web.AppKey[Desk] = web.AppKey("pictures_desk")
PICTURES_CHAT: web.AppKey[Chat] = web.AppKey("pictures_chat")


def add_pictures(app: web.Application, desk: Desk, chat: Chat) -> None:
    """Take and show pictures of the web chat."""
    app[PICTURES_DESK], app[PICTURES_CHAT] = desk, chat
    app.router.add_post("/api/chat/pictures", send)
    app.router.add_get("/api/chat/pictures/{picture}", see)


async def send(request: web.Request) -> web.Response:
    """``POST`` (form: file): a turn of the conversation."""
    session_id = _session(request)
    name, times, seconds = PICTURES
    if not await request.app[PICTURES_CHAT].live.allow(f"{name}:{session_id}", times, seconds):
        raise Rejected("too many in a short time", code="too_many")
    _, data = await form(request, PICTURE_BYTES, "picture_too_big")
    kept = await request.app[PICTURES_DESK].show_picture(session_id, data)
    return web.json_response({"picture": kept.id}, status=201)


async def see(request: web.Request) -> web.Response:
    """``GET …/{picture}``: one of this session."""
    session_id = _session(request)
    mime, data = await request.app[PICTURES_DESK].picture(session_id, request.match_info["picture"])
    return web.Response(body=data, content_type=mime)


def _session(request: web.Request) -> str:
    chat = request.app[PICTURES_CHAT]
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return chat.tokens.check(token[:400], chat.clock()).session_id
