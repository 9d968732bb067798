"""The gateway as ``hotline gateway`` serves it, for the pages' tests: between stand-ins for Rasa,
the voice process and WeChat, with doors of its own (``/test/…``) for what happens elsewhere: the
platform's login, a phone call, a unit that closes a ticket."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from actions.report import card
from bot.channels.wechat.entrance import DOOR
from bot.clock import now
from bot.desk import Desk
from bot.dialogue.client import WEBHOOK
from bot.gateway import application
from bot.rules.handoff import Reason
from bot.rules.session import Channel, Status
from bot.rules.ticket import Command, Draft, Kind
from bot.settings import Settings
from bot.store import Store
from tests.bot.channels.wechat.conftest import TEMPLATES
from tests.records import sqlite_records
from tests.wechat_server import APP_ID, SECRET, WeChat, served

ME = "oAbC_1234567890123456789012"
PHONE = "13900139000"
UNIT = "天河区城市管理和综合执法局"
DRAFT = Draft(Kind.APPEAL, "路灯", "路灯不亮", "棠德南路", "天河区", channel="wechat", phone=PHONE)


class Playwright:
    """A dialogue that does what it is told, on the wire of Rasa's."""

    desk: Desk

    async def answer(self, request: web.Request) -> web.Response:
        asked = await request.json()
        return web.json_response({"messages": await self._play(asked["sender"], asked["text"])})

    async def _play(self, session_id: str, text: str) -> list[dict[str, Any]]:
        if text.startswith("开单"):
            ticket = await self.desk.open(DRAFT, key=text, session_id=session_id, by="bot")
            marks = {"outcome": Status.TICKET_OPENED.value, "card": card(ticket)}
            return [{"text": f"工单号 {ticket.ticket_no}"}, {"custom": marks}]
        if text == "选":
            names = (("第一个", "要第一个"), ("第二个", "要第二个"))
            buttons = [{"title": title, "payload": say} for title, say in names]
            return [{"text": "哪一个?", "buttons": buttons}]
        if text == "要人":
            asked = await self.desk.hand_off(session_id, reason=Reason.ASKED, summary="要人")
            await self.desk.accept(asked.id, agent="a1")
            await self.desk.say(session_id, agent="a1", text="我是坐席")
            return [{"custom": {"outcome": Status.HANDED_OFF.value}}]
        return [{"text": f"heard: {text}"}]


async def transcribed(request: web.Request) -> web.Response:
    """The words that a recording consists of."""
    form = await request.post()
    file = form["file"]
    assert isinstance(file, web.FileField)
    return web.json_response({"text": file.file.read().decode(), "confidence": 0.9})


async def spoken(request: web.Request) -> web.Response:
    """A sentence, as if it were sound."""
    said = (await request.json())["input"]
    return web.Response(body=said.encode(), content_type="audio/mpeg")


@asynccontextmanager
async def listening(
    *routes: tuple[str, Callable[[web.Request], Awaitable[web.Response]]],
) -> AsyncIterator[str]:
    """A server of its own for these POSTs; its address."""
    app = web.Application()
    for path, handler in routes:
        app.router.add_post(path, handler)
    async with running(app) as address:
        yield address


@asynccontextmanager
async def running(app: web.Application) -> AsyncIterator[str]:
    """The application on a port of its own; its address."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def gateway(folder: Path, redis_url: str) -> AsyncIterator[str]:
    """Served on a port of its own; its address."""
    async with AsyncExitStack() as stack:
        platform, dialogue = WeChat(), Playwright()
        wechat_url = await stack.enter_async_context(served(platform))
        rasa_url = await stack.enter_async_context(listening((WEBHOOK, dialogue.answer)))
        voice = listening(("/v1/audio/transcriptions", transcribed), ("/v1/audio/speech", spoken))
        voice_url = await stack.enter_async_context(voice)
        settings = Settings(
            data=folder,
            database_url=sqlite_records(folder),
            redis_url=redis_url,
            rasa_url=rasa_url,
            voice_port=urlsplit(voice_url).port,
            secret="a key for tests",
            wechat_url=wechat_url,
            wechat_miniprogram_id=APP_ID,
            wechat_miniprogram_secret=SECRET,
            wechat_transferred_template=TEMPLATES["transferred"],
            wechat_result_template=TEMPLATES["call_back"],
            wechat_call_back_template=TEMPLATES["reminder"],
        )
        app = await stack.enter_async_context(application(settings))
        door = app[DOOR]
        dialogue.desk = door.desk
        add_doors(app, platform, door.desk, door.store)
        yield await stack.enter_async_context(running(app))


def add_doors(app: web.Application, platform: WeChat, desk: Desk, store: Store) -> None:
    """What happens elsewhere."""

    async def code(_: web.Request) -> web.Response:
        return web.json_response({"code": platform.code_for(ME)})

    async def phone(_: web.Request) -> web.Response:
        async with store.begin() as records:
            await records.sessions.begin("call-1", Channel.PHONE, PHONE, now())
        ticket = await desk.open(DRAFT, key="call-1", session_id="call-1", by="bot")
        told = {"code": platform.phone_code_for(PHONE), "ticket_no": ticket.ticket_no}
        return web.json_response(told)

    async def close(request: web.Request) -> web.Response:
        number = request.query["no"]
        await desk.transfer(number, UNIT, by="a1")
        await desk.order(number, Command.SIGN, by="u1")
        await desk.order(number, Command.START, by="u1")
        facts = {"reply": "已修好", "close_kind": "solved", "caller_told": True}
        await desk.order(number, Command.REPLY, by="u1", facts=facts)
        await desk.order(number, Command.CLOSE, by="s1")
        return web.json_response({})

    async def ratings(request: web.Request) -> web.Response:
        async with store.read() as records:
            found = await records.ratings.of_ticket(request.query["no"])
        return web.json_response([[one.of.value, one.grade, one.comment] for one in found])

    app.router.add_get("/test/ratings", ratings)
    app.router.add_get("/test/code", code)
    app.router.add_get("/test/phone", phone)
    app.router.add_get("/test/close", close)
