"""Many agents, many live chats, messages both ways: how long a message takes to the other side.

The clients do what the pages do. An agent's page watches all of the agent's chats and is sent their
words; for the chat on its screen it asks what the server makes of the caller's words, and what is
known of a chat when it is opened. Meanwhile callers ask for a person, are taken and go.

They are a process of their own beside the gateway's; how busy it is and how late its clock runs are
told, so that a figure that is the clients' own is not taken for the hotline's.
"""

import asyncio
import random
import resource
import tempfile
import time
import uuid
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import aiohttp

from bot.channels.tokens import Tokens
from bot.clock import now
from bot.desk import Desk
from bot.harness import free_port
from bot.rules.session import Channel
from bot.store import Agent as Account
from bot.store import Store
from tests.bench.desk_seats import TROUBLE, Agent, Machine, ask_for_a_person
from tests.bench.progress import Step, progress
from tests.bot.console.house import HASHED

AT_ONCE = 20
LATEST_SECONDS = 3.0
PAUSE_SECONDS = 0.25  # of a caller, after which the page asks what is made of the words
COMING_SECONDS = 1.0  # between two callers who ask for a person
BEAT_SECONDS = 0.05


@dataclass
class Load:
    """How much, and what was measured."""

    agents: int
    chats: int
    messages_a_second: int
    seconds: int
    delays: list[float] = field(default_factory=list)
    sent: int = 0
    lost: int = 0  # not there after the end; their delay counts as `LATEST_SECONDS`
    refused: int = 0  # of what the pages asked for
    cut: int = 0  # lines of the desk that broke and came back
    busy: float = 0.0  # processor time of the gateway, in per cent of a core
    clients_busy: float = 0.0  # and of the clients
    late: list[float] = field(default_factory=list)  # the clients' clock, in seconds
    came: int = 0  # callers who asked for a person meanwhile, were taken and went


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
        self._shown: dict[str, str] = {}  # agent -> the session on the screen
        self._handoffs: dict[str, int] = {}  # session -> its handoff
        self.over = False

    async def come(self, group: asyncio.TaskGroup) -> list[asyncio.Task[None]]:
        """Agents sign in, chats are taken, both sides connect; the readers."""
        store = await Store.open(f"sqlite+aiosqlite:///{self._machine.folder / 'hotline.db'}")
        self._stack.push_async_callback(store.close)
        async with store.begin() as records:
            for n in range(self._load.agents):
                account = Account(f"a{n}", f"a{n}", "agent", ("mandarin",), HASHED, now())
                await records.agents.add(account)
        gate = asyncio.Semaphore(AT_ONCE)
        with progress("agents sign in", self._load.agents) as step:
            await asyncio.gather(*(self._sit(n, gate, step) for n in range(self._load.agents)))
        readers = [group.create_task(self._follow(n)) for n in self._agents]
        while len(self._lines) < self._load.agents:
            await asyncio.sleep(0.05)
        desk, tokens = Desk(store), Tokens(b"key")
        with progress("chats are taken", self._load.chats) as step:
            for number in range(self._load.chats):
                session, page = await self._chat(store, desk, tokens, number % self._load.agents)
                readers.append(group.create_task(self._read_page(session, page)))
                step()
        return readers

    async def _chat(
        self, store: Store, desk: Desk, tokens: Tokens, agent: int
    ) -> tuple[str, aiohttp.ClientWebSocketResponse]:
        """A caller whom this agent has, both sides connected."""
        session = f"web-{uuid.uuid4().hex}"
        async with store.begin() as records:
            await records.sessions.begin(session, Channel.WEB, None, now())
        asked = await desk.hand_off(session, reason="asked", summary="")
        await desk.accept(asked.id, agent=f"a{agent}")
        self._of[session], self._handoffs[session] = self._agents[agent], asked.id
        with suppress(aiohttp.ClientError):  # a line that broke watches when it is back
            await self._lines[agent].send_json({"type": "watch", "session_id": session})
        url, base = f"{self._machine.base}/ws/chat", self._machine.base
        page = await self._stack.enter_async_context(
            self._agents[agent].http.ws_connect(url, origin=base)
        )
        hello = {"type": "hello", "session": tokens.issue(session, now()).text, "after": 0}
        await page.send_json(hello)
        self._pages[session] = page
        return session, page

    async def _sit(self, number: int, gate: asyncio.Semaphore, step: Step) -> None:
        async with gate:
            session = aiohttp.ClientSession(
                cookie_jar=aiohttp.CookieJar(unsafe=True), connector=aiohttp.TCPConnector(limit=0)
            )
            http = await self._stack.enter_async_context(session)
            agent = Agent(http, self._machine.base, f"a{number}")
            assert await agent.sign_in()
        self._agents[number] = agent
        step()

    async def _follow(self, number: int) -> None:
        """As the desk's page does: words are sent; a line that broke is opened again."""
        agent = self._agents[number]
        async with asyncio.TaskGroup() as group:
            while not self.over:  # a closing line may fail in place of ending
                with suppress(aiohttp.ClientError):
                    async with agent.line() as line:
                        self._lines[number] = line
                        for session in [one for one, who in self._of.items() if who is agent]:
                            await line.send_json({"type": "watch", "session_id": session})
                        async for message in line:
                            event = message.json()
                            if event["type"] == "turn" and event["speaker"] == "caller":
                                assert event["turns"][-1]["text"]
                                self._arrived(event["session_id"])
                                if self._shown.get(agent.login) == event["session_id"]:
                                    group.create_task(self._ask(agent, event["session_id"]))
                self._load.cut += 1

    async def _ask(self, agent: Agent, session: str) -> None:
        await asyncio.sleep(PAUSE_SECONDS)
        self._count(await agent.get(f"handoffs/{self._handoffs[session]}/case"))

    def _count(self, told: dict) -> None:
        self._load.refused += not told

    async def _show(self, agent: Agent, session: str) -> None:
        if self._shown.get(agent.login) != session:
            self._shown[agent.login] = session
            self._count(await agent.get(f"sessions/{session}?after=0"))
            await self._ask(agent, session)

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
        began = time.perf_counter()
        with progress("messages", self._load.messages_a_second * self._load.seconds) as step:
            for number in range(self._load.messages_a_second * self._load.seconds):
                due = began + number / self._load.messages_a_second
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                self._load.sent += 1
                step()
                free = [session for session in sessions if session not in self._sent]
                if not free:
                    self._load.lost += 1
                    continue
                session = dice.choice(free)
                self._sent[session] = time.perf_counter()
                group.create_task(self._send(session, from_caller=dice.random() < 0.5))
        await asyncio.sleep(LATEST_SECONDS)
        self._load.lost += len(self._sent)
        self._load.delays += [LATEST_SECONDS] * self._load.lost

    async def _send(self, session: str, *, from_caller: bool) -> None:
        said = uuid.uuid4().hex
        if from_caller:
            say = {"type": "say", "id": said, "text": "还有一件事"}
            await self._pages[session].send_json(say)
        else:
            words = {"id": said, "text": "请稍等"}
            await self._of[session].post(f"sessions/{session}/say", words)
            await self._show(self._of[session], session)

    async def come_and_go(self) -> None:
        """Callers ask for a person one after the other, are taken, and are over."""
        headers = {"X-Forwarded-For": "2001:db8:1::1"}
        async with aiohttp.ClientSession(headers=headers) as http:
            for number in count():
                began = time.perf_counter()
                with suppress(*TROUBLE):  # who is not served in time is not counted
                    await self._come(http, self._agents[number % self._load.agents])
                await asyncio.sleep(max(0.0, began + COMING_SECONDS - time.perf_counter()))

    async def _come(self, http: aiohttp.ClientSession, agent: Agent) -> None:
        session = await ask_for_a_person(http, self._machine.base)
        for row in (await agent.get("handoffs"))["waiting"]:
            number = row["id"]
            if row["session_id"] == session and await agent.post(f"handoffs/{number}/accept", {}):
                await agent.post(f"handoffs/{number}/release", {"to": "end"})
                self._load.came += 1

    async def watch_the_clock(self) -> None:
        """How late this process wakes."""
        while True:
            due = time.perf_counter() + BEAT_SECONDS
            await asyncio.sleep(BEAT_SECONDS)
            self._load.late.append(time.perf_counter() - due)


async def loaded(load: Load) -> Load:
    """One gateway, one Redis, one SQLite, each a process; the clients are this one."""
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
                others = await crowd.come(group)
                others += [
                    group.create_task(work()) for work in (crowd.come_and_go, crowd.watch_the_clock)
                ]
                before, began = machine.busy_seconds("gateway"), time.perf_counter()
                own = time.process_time()
                await crowd.talk(group)
                took = time.perf_counter() - began
                load.busy = round(100 * (machine.busy_seconds("gateway") - before) / took, 1)
                load.clients_busy = round(100 * (time.process_time() - own) / took, 1)
                crowd.over = True
                for other in others:
                    other.cancel()
        finally:
            machine.close()
    return load
