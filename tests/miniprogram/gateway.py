"""A gateway for the pages' tests: real chat, records and API; a dialogue that does what the test
says; and doors of its own (``/test/…``) for what happens elsewhere: the platform's login, a phone
call, a unit that closes a ticket."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from pathlib import Path

import aiohttp
from aiohttp import web

from actions.report import card
from bot.application import create_app
from bot.attendance import Attendance
from bot.channels.chat import Chat
from bot.channels.tokens import Tokens
from bot.channels.transcript import Recorded
from bot.channels.wechat.callback import Callback
from bot.channels.wechat.door import Door
from bot.channels.wechat.platform import Platform
from bot.channels.wechat.routes import add_wechat
from bot.clock import now
from bot.conversation import Conversation
from bot.desk import Desk
from bot.dialogue import words
from bot.dialogue.client import Said
from bot.health import Health
from bot.live import Live
from bot.rules.handoff import Reason
from bot.rules.session import Button, Channel, Reply, Status, Utterance
from bot.rules.ticket import Command, Draft, Kind
from bot.store import Store
from knowledge_base.knowledge import KnowledgeBase
from tests.bot.channels.wechat.conftest import ACCOUNT, KEY, TEMPLATES, FakeVoice
from tests.records import sqlite_records
from tests.wechat_server import WeChat, served

ME = "oAbC_1234567890123456789012"
PHONE = "13900139000"
UNIT = "天河区城市管理和综合执法局"
DRAFT = Draft(Kind.APPEAL, "路灯", "路灯不亮", "棠德南路", "天河区", channel="wechat", phone=PHONE)


class Playwright:
    """A dialogue that does what it is told."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def ask(self, utterance: Utterance) -> Said:
        if utterance.text.startswith("开单"):
            session_id = utterance.session_id
            ticket = await self._desk.open(DRAFT, key=utterance.id, session_id=session_id, by="bot")
            reply = Reply(f"工单号 {ticket.ticket_no}", card=card(ticket))
            return Said((reply,), Status.TICKET_OPENED)
        if utterance.text == "选":
            buttons = (Button("第一个", "要第一个"), Button("第二个", "要第二个"))
            return Said((Reply("哪一个?", buttons=buttons),), Status.CLARIFIED)
        if utterance.text == "要人":
            asked = await self._desk.hand_off(
                utterance.session_id, reason=Reason.ASKED, summary="要人"
            )
            await self._desk.accept(asked.id, agent="a1")
            await self._desk.say(utterance.session_id, agent="a1", text="我是坐席")
            return Said((), Status.HANDED_OFF)
        return Said((Reply(f"heard: {utterance.text}"),), Status.ANSWERED)


@asynccontextmanager
async def gateway(folder: Path, live: Live) -> AsyncIterator[str]:
    """Served on a port of its own; its address."""
    async with AsyncExitStack() as stack:
        store = await Store.open(sqlite_records(folder))
        stack.push_async_callback(store.close)
        desk = Desk(store, live)
        platform = WeChat()
        address = await stack.enter_async_context(served(platform))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        hearing = Conversation(
            store=store,
            desk=desk,
            live=live,
            dialogue=Playwright(desk),  # type: ignore[arg-type]
            screen=lambda text: None,
            words=words.load(),
        )
        chat = Chat(
            hearing=hearing,
            transcript=Recorded(store, Attendance(live, store, now)),
            voice=FakeVoice(),
            live=live,
            tokens=Tokens(KEY),
            clock=now,
            works=lambda part: True,
            listens=lambda: "full",
            leave_number=desk.leave_number,
        )
        door = Door(
            platform=Platform.over(ACCOUNT, http, live, address, 2.0),
            store=store,
            desk=desk,
            live=live,
            hearing=hearing,
            voice=chat.voice,
            tokens=chat.tokens,
            key=KEY,
            clock=now,
            knowledge=cache(KnowledgeBase),
            templates=TEMPLATES,
        )

        async def count() -> None:
            return None

        app = create_app(chat, Health({}, now), count)
        add_wechat(app, Callback({}, store, live, KEY, now), door)
        add_doors(app, platform, desk, store)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"


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
