"""``/ws/chat``: the web chat's WebSocket, from its hello on. Frames are JSON (``frames.py``)."""

from typing import Any

from aiohttp import WSMsgType, web

from bot import metrics
from bot.channels import frames
from bot.channels.chat import Chat
from bot.channels.connection import Connection
from bot.channels.tokens import Token
from bot.channels.window import Window, refusal
from bot.guard import PEER
from bot.log import bind
from bot.rules.errors import HotlineError, Rejected
from bot.rules.session import Channel
from bot.sockets import open_socket

CHAT = web.AppKey("chat", Chat)

FRAME_BYTES = frames.AUDIO_BYTES_LIMIT + 64 * 1024
HELLO_SECONDS = 10.0
NEW_SESSIONS_A_MINUTE = 120  # from one address: many callers may share one
POLICY_VIOLATION, TRY_AGAIN_LATER = 1008, 1013


async def chat_socket(request: web.Request) -> web.WebSocketResponse:
    """Frames both ways until either side goes."""
    chat = request.app[CHAT]
    async with open_socket(request, FRAME_BYTES) as socket:
        try:
            hello = await _hello(socket)
            token, after, complaint = await _session(chat, hello, request[PEER])
        except HotlineError as error:
            if not socket.closed:
                await socket.send_json(refusal(error))
                refused = isinstance(error, Rejected)
                await socket.close(code=POLICY_VIOLATION if refused else TRY_AGAIN_LATER)
            return socket
        window = Window(socket, chat.transcript, token.session_id, after)
        with bind(session=token.session_id), metrics.connections.labels("chat").track_inprogress():
            if complaint:
                await window.refuse(complaint)
            await window.send(await _greeting(chat, window, token))
            await window.catch_up()
            await Connection(chat, token, window).run(socket)
        return socket


async def _hello(socket: web.WebSocketResponse) -> frames.Hello:
    try:
        message = await socket.receive(timeout=HELLO_SECONDS)
    except TimeoutError:
        raise Rejected("no hello", code="frame_malformed", field="type") from None
    frame = frames.read(message.data) if message.type is WSMsgType.TEXT else None
    if not isinstance(frame, frames.Hello):
        raise Rejected("the first frame is a hello", code="frame_malformed", field="type")
    return frame


async def _session(
    chat: Chat, hello: frames.Hello, peer: str
) -> tuple[Token, int, Rejected | None]:
    """The session a page may have: its own, or a new one; and what was wrong with its token."""
    complaint = None
    if hello.session is not None:
        try:
            return chat.tokens.check(hello.session, chat.clock()), hello.after, None
        except Rejected as refused:
            if hello.session.startswith("wechat-"):
                raise  # the mini-program logs in again; a new session would be nobody's
            complaint = refused
    if not await chat.live.allow(f"chat.new:{peer}", NEW_SESSIONS_A_MINUTE, 60):
        raise Rejected("too many new sessions from this address", code="too_many")
    token = chat.tokens.begin(chat.clock())
    await chat.hearing.begin(token.session_id, Channel.WEB, None, chat.clock())
    return token, 0, complaint


async def _greeting(chat: Chat, window: Window, token: Token) -> dict[str, Any]:
    return {
        "type": "session",
        "token": token.text,
        "expires": token.expires_at.isoformat(),
        "handler": await window.look_at_handler(),
        "listens": chat.listens(),
        "now": chat.clock().isoformat(),
    }
