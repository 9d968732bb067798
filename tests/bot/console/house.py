"""A gateway over a real store, Redis, conversation and desk; only Rasa is scripted."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.application import create_app
from bot.attendance import Attendance
from bot.channels.chat import Chat
from bot.channels.phone import add_calls
from bot.channels.pictures import add_pictures
from bot.channels.tokens import Tokens
from bot.channels.transcript import Recorded
from bot.clock import now
from bot.console import passwords
from bot.console.parts import open_console
from bot.console.routes import add_console
from bot.console.single_sign_on import SingleSignOn
from bot.console.voice_line import VoiceLine
from bot.conversation import Conversation
from bot.counting import Gauges, count_utterance
from bot.desk import Desk
from bot.dialogue import words
from bot.dialogue.client import Said
from bot.health import Health
from bot.live import Live
from bot.recordings import Recordings
from bot.rules.handoff import Reason
from bot.rules.session import Next, Reply, Status, Utterance
from bot.rules.ticket import Draft
from bot.store import Agent, Store
from tests.bot.channels.fakes import FakeVoice
from tests.records import sqlite_records

PASSWORD = "correct-horse-12"
HASHED = asyncio.run(passwords.hashed(PASSWORD))


@dataclass
class Scripted:
    """A dialogue that opens a ticket for a lamp, hands off on 人工, and else answers.

    Each word of the machine begins with ``MACHINE``. With a ``gate`` it thinks until that opens.
    """

    desk: Desk
    gate: asyncio.Event | None = None
    asked: list[str] = field(default_factory=list)

    async def ask(self, utterance: Utterance) -> Said:
        self.asked.append(utterance.text)
        if self.gate is not None:
            await self.gate.wait()
        if "人工" in utterance.text:
            await self.desk.hand_off(
                utterance.session_id,
                reason=Reason.ASKED,
                summary="summary",
                draft={"address": "车陂路1号"},
            )
            return Said((Reply("MACHINE hands over"),), Status.HANDED_OFF, Next.AGENT)
        if "灯" in utterance.text:
            draft = Draft(
                content=utterance.text, address="车陂路1号", name="陈小明", phone="13800138000"
            )
            ticket = await self.desk.open(
                draft, key=uuid.uuid4().hex, session_id=utterance.session_id, by="machine"
            )
            card = {
                "ticket_no": ticket.ticket_no,
                "transfer_due_at": ticket.transfer_due_at.isoformat(),
            }
            return Said((Reply("MACHINE opens", card=card),), Status.TICKET_OPENED)
        return Said((Reply("MACHINE answers"),), Status.ANSWERED)


@dataclass
class House:
    """Everything behind one gateway."""

    store: Store
    live: Live
    desk: Desk
    dialogue: Scripted
    chat: Chat
    app: web.Application
    server: TestServer = field(init=False)

    async def hire(
        self, login: str, role: str = "agent", skills: tuple[str, ...] = ("mandarin",)
    ) -> None:
        """An account with the usual password."""
        async with self.store.begin() as records:
            await records.agents.add(Agent(login, login, role, skills, HASHED, now()))

    async def turns(self, session_id: str) -> list[tuple[str, str]]:
        """Speaker and words, in order."""
        async with self.store.read() as records:
            found = await records.turns.since(session_id)
        return [(turn.speaker.value, turn.text) for turn in found]


@asynccontextmanager
async def furnish(
    folder: Path,
    live: Live,
    sign_on: SingleSignOn | None = None,
    line: VoiceLine | None = None,
) -> AsyncIterator[House]:
    """A gateway's application over the records in a folder; not served yet."""
    store = await Store.open(f"sqlite+aiosqlite:///{folder / 'hotline.db'}")
    desk, attendance = Desk(store, live), Attendance(live, store, now)
    dialogue = Scripted(desk)
    hearing = Conversation(
        store, desk, live, dialogue, lambda _: None, words.load(), observe=count_utterance
    )
    chat = Chat(
        hearing=hearing,
        transcript=Recorded(store, attendance),
        voice=FakeVoice(),
        live=live,
        tokens=Tokens(b"key"),
        clock=now,
        works=lambda _: True,
        listens=lambda: "demonstration",
        leave_number=desk.leave_number,
    )
    app = create_app(chat, Health({}, now), Gauges(store, desk, now).refresh)
    add_pictures(app, desk, chat)
    recordings = Recordings(folder / "recordings", b"key")
    add_console(app, open_console(desk, store, live, now), recordings, sign_on=sign_on, line=line)
    if line is not None:
        add_calls(app, line.http, line.voice, live)
    yield House(store, live, desk, dialogue, chat, app)
    await store.close()


@asynccontextmanager
async def open_house(
    folder: Path,
    live: Live,
    sign_on: SingleSignOn | None = None,
    line: VoiceLine | None = None,
) -> AsyncIterator[House]:
    """The gateway, served on a port of its own."""
    sqlite_records(folder)
    async with furnish(folder, live, sign_on, line) as house, TestServer(house.app) as server:
        house.server = server
        yield house


class Seat:
    """An agent's side of the API."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.csrf = ""
        self.peer = f"2001:db8::{uuid.uuid4().hex[:4]}"  # limits count by address

    async def sign_in(self, login: str, password: str = PASSWORD) -> int:
        status, told = await self.post("login", {"login": login, "password": password})
        self.csrf = told.get("csrf", "")
        return status

    async def get(self, path: str) -> tuple[int, dict]:
        async with self.client.get(f"/api/desk/{path}") as response:
            return response.status, await response.json()

    async def post(self, path: str, body: object, **headers: str) -> tuple[int, dict]:
        headers = {"X-CSRF-Token": self.csrf, "X-Forwarded-For": self.peer} | headers
        async with self.client.post(f"/api/desk/{path}", json=body, headers=headers) as response:
            return response.status, await response.json()
