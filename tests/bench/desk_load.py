"""Many agents, many live chats, messages both ways: how long a message takes to the other side."""

import asyncio
import random
import resource
import statistics
import tempfile
import time
import uuid
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot.channels.tokens import Tokens
from bot.clock import now
from bot.desk import Desk
from bot.harness import free_port
from bot.rules.session import Channel
from bot.store import Agent as Account
from bot.store import Store
from tests.bench.desk_seats import Agent, Machine
from tests.bot.console.house import HASHED

AT_ONCE = 20


@dataclass
class Load:
    """How much, and what was measured."""

    agents: int
    chats: int
    messages_a_second: int
    seconds: int
    delays: list[float] = field(default_factory=list)
    sent: int = 0

    @property
    def p95(self) -> float:
        """Seconds."""
        return statistics.quantiles(self.delays, n=20)[-1]


class Crowd:
    """Everybody, connected."""

    def __init__(self, machine: Machine, load: Load, stack: AsyncExitStack) -> None:
        self._machine = machine
        self._load = load
        self._stack = stack
        self._agents: dict[int, Agent] = {}
        self._lines: dict[int, aiohttp.ClientWebSocketResponse] = {}
        self._of: dict[str, Agent] = {}  # session -> who has it
        self._pages: dict[str, aiohttp.ClientWebSocketResponse] = {}
        self._sent: dict[str, float] = {}  # session -> when the message under way left

    async def come(self, group: asyncio.TaskGroup) -> list[asyncio.Task[None]]:
        """Agents sign in, chats are taken, both sides connect; the readers."""
        store = await Store.open(f"sqlite+aiosqlite:///{self._machine.folder / 'hotline.db'}")
        self._stack.push_async_callback(store.close)
        async with store.begin() as records:
            for n in range(self._load.agents):
                account = Account(f"a{n}", f"a{n}", "agent", ("mandarin",), HASHED, now())
                await records.agents.add(account)
        gate = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(self._sit(n, gate) for n in range(self._load.agents)))
        readers = [group.create_task(self._read_line(line)) for line in self._lines.values()]
        desk, tokens = Desk(store), Tokens(b"key")
        for number in range(self._load.chats):
            session = f"web-{uuid.uuid4().hex}"
            async with store.begin() as records:
                await records.sessions.begin(session, Channel.WEB, None, now())
            asked = await desk.hand_off(session, reason="asked", summary="")
            agent = number % self._load.agents
            await desk.accept(asked.id, agent=f"a{agent}")
            await self._lines[agent].send_json({"type": "watch", "session_id": session})
            url, base = f"{self._machine.base}/ws/chat", self._machine.base
            page = await self._stack.enter_async_context(
                self._agents[agent].http.ws_connect(url, origin=base)
            )
            hello = {"type": "hello", "session": tokens.issue(session, now()).text, "after": 0}
            await page.send_json(hello)
            self._pages[session], self._of[session] = page, self._agents[agent]
            readers.append(group.create_task(self._read_page(session, page)))
        return readers

    async def _sit(self, number: int, gate: asyncio.Semaphore) -> None:
        async with gate:
            session = aiohttp.ClientSession(
                cookie_jar=aiohttp.CookieJar(unsafe=True), connector=aiohttp.TCPConnector(limit=0)
            )
            http = await self._stack.enter_async_context(session)
            agent = Agent(http, self._machine.base, f"a{number}")
            assert await agent.sign_in()
            line = await self._stack.enter_async_context(agent.line())
        self._agents[number], self._lines[number] = agent, line

    async def _read_line(self, line: aiohttp.ClientWebSocketResponse) -> None:
        async for message in line:
            event = message.json()
            if event["type"] == "turn" and event.get("speaker") != "agent":
                self._arrived(event["session_id"])

    async def _read_page(self, session: str, page: aiohttp.ClientWebSocketResponse) -> None:
        async for message in page:
            frame = message.json()
            if frame["type"] == "turn" and frame["speaker"] == "agent":
                self._arrived(session)

    def _arrived(self, session: str) -> None:
        sent = self._sent.pop(session, None)
        if sent is not None:
            self._load.delays.append(time.perf_counter() - sent)

    async def talk(self, group: asyncio.TaskGroup) -> None:
        """Messages at the rate, half from each side, each chat one at a time."""
        dice, sessions = random.Random(1), list(self._pages)
        ends = time.perf_counter() + self._load.seconds
        while time.perf_counter() < ends:
            await asyncio.sleep(1 / self._load.messages_a_second)
            number = dice.randrange(len(sessions))
            session = sessions[number]
            if session in self._sent:
                continue
            self._load.sent += 1
            self._sent[session] = time.perf_counter()
            said = uuid.uuid4().hex
            if dice.random() < 0.5:
                say = {"type": "say", "id": said, "text": "还有一件事"}
                await self._pages[session].send_json(say)
            else:
                agent = self._of[session]
                group.create_task(
                    agent.post(f"sessions/{session}/say", {"id": said, "text": "请稍等"})
                )
        await asyncio.sleep(3)
        self._load.delays += [3.0] * len(self._sent)  # what never came


async def loaded(load: Load) -> Load:
    """One gateway, one Redis, one SQLite; the clients in this process."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as name:
        machine = Machine(Path(name), free_port())
        machine.start("redis")
        machine.start("gateway")
        try:
            async with asyncio.timeout(60):
                await machine.healthy()
            async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
                crowd = Crowd(machine, load, stack)
                readers = await crowd.come(group)
                await crowd.talk(group)
                for reader in readers:
                    reader.cancel()
        finally:
            machine.kill("gateway")
            machine.kill("redis")
    return load
