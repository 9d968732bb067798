"""The mini-program's side of its API, as tests use it."""

import json
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

import aiohttp
from aiohttp.test_utils import TestClient

from bot.channels.wechat.door import Door
from bot.rules.ticket import Command, Draft, Kind
from knowledge_base.knowledge import KnowledgeBase

if TYPE_CHECKING:
    from tests.bot.channels.wechat.conftest import World

UNIT = "天河区城市管理和综合执法局"
ME, OTHER = "oAbC_1234567890123456789012", "oXyZ_1234567890123456789012"
DRAFT = Draft(
    Kind.APPEAL, "路灯", "路灯不亮", "棠德南路", "天河区", channel="wechat", phone="13800138000"
)
knowledge = cache(KnowledgeBase)


@dataclass
class Page:
    """The mini-program of one person."""

    client: TestClient
    token: str

    @property
    def session_id(self) -> str:
        return self.token.split(".")[0]

    async def ask(self, method: str, path: str, **more: object) -> tuple[int, dict]:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self.client.request(
            method, f"/api/wechat/{path}", headers=headers, **more
        ) as answer:
            return answer.status, json.loads(await answer.read() or b"{}")

    async def post(self, path: str, **body: object) -> tuple[int, dict]:
        return await self.ask("POST", path, json=body)

    async def upload(self, path: str, data: bytes, **fields: str) -> tuple[int, dict]:
        form = aiohttp.FormData(fields)
        form.add_field("file", BytesIO(data), filename="f", content_type="image/png")
        return await self.ask("POST", path, data=form)


@dataclass
class Mini:
    """The gateway as the mini-program sees it."""

    world: "World"
    client: TestClient
    door: Door

    async def login(self, openid: str, **more: object) -> tuple[int, dict]:
        body = {"code": self.world.platform.code_for(openid), "agreed": True} | more
        async with self.client.post("/api/wechat/login", json=body) as answer:
            return answer.status, await answer.json()

    async def page(self, openid: str = ME) -> Page:
        status, told = await self.login(openid)
        assert status == 200
        return Page(self.client, told["token"])

    async def ticket(self, session_id: str, key: str = "k", **changed: object) -> str:
        draft = replace(DRAFT, **changed)
        return (
            await self.world.desk.open(draft, key=key, session_id=session_id, by="bot")
        ).ticket_no

    async def close(self, ticket_no: str) -> None:
        desk = self.world.desk
        if (await desk.find(ticket_no)).progress.transferred_at is None:
            await desk.transfer(ticket_no, UNIT, by="a")
        await desk.order(ticket_no, Command.SIGN, by="u")
        await desk.order(ticket_no, Command.START, by="u")
        facts = {"reply": "已修好", "close_kind": "solved", "caller_told": True}
        await desk.order(ticket_no, Command.REPLY, by="u", facts=facts)
        await desk.order(ticket_no, Command.CLOSE, by="s")
