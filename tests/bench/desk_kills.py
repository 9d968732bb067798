"""Gateway, Redis and agents' tabs are killed; every caller who was promised a person gets one."""

import asyncio
import random
import tempfile
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot.clock import now
from bot.harness import free_port
from bot.store import Agent as Account
from bot.store import Store
from tests.bench.desk_seats import TROUBLE, Agent, Machine, ask_for_a_person
from tests.bench.progress import progress
from tests.bot.console.house import HASHED

AGENTS, CALLERS = 4, 6
DRAINED_SECONDS = 180
LIMIT = aiohttp.ClientTimeout(total=10)


@dataclass
class Verdict:
    """What came of it. ``lost``: promised a person and never spoken to by one. ``dead``: what was
    killed, how often."""

    kills: int
    dead: Counter[str] = field(default_factory=Counter)
    promised: set[str] = field(default_factory=set)
    served: set[str] = field(default_factory=set)

    @property
    def lost(self) -> int:
        return len(self.promised - self.served)


class Play:
    """Callers and agents at work while things are killed."""

    def __init__(self, machine: Machine, kills: int) -> None:
        self._machine = machine
        self._dice = random.Random(12345)
        self._tabs: dict[str, asyncio.Event] = {}
        self._killing = True
        self.verdict = Verdict(kills)

    async def run(self) -> Verdict:
        """Kill so often, then let the agents serve who still waits."""
        async with asyncio.TaskGroup() as group:
            agents = [group.create_task(self._agent(f"a{n}")) for n in range(AGENTS)]
            callers = [group.create_task(self._caller()) for _ in range(CALLERS)]
            with progress("kills", self.verdict.kills) as step:
                while self.verdict.dead.total() < self.verdict.kills:
                    await asyncio.sleep(self._dice.uniform(0.1, 0.6))
                    if await self._kill(self._dice.choice(["gateway", "redis", "tab", "tab"])):
                        step()
            self._killing = False
            await asyncio.gather(*callers)
            deadline = asyncio.get_running_loop().time() + DRAINED_SECONDS
            while self.verdict.lost and asyncio.get_running_loop().time() < deadline:
                await asyncio.sleep(0.5)
            for task in agents:
                task.cancel()
        return self.verdict

    async def _kill(self, what: str) -> bool:
        """False where there was nothing to kill."""
        if what == "tab":
            if not self._tabs:
                return False
            self._tabs.pop(self._dice.choice(sorted(self._tabs))).set()
        else:
            await asyncio.to_thread(self._machine.kill, what)
            self._machine.start(what)
            async with asyncio.timeout(60):
                await self._machine.healthy()
        self.verdict.dead[what] += 1
        return True

    async def _caller(self) -> None:
        async with aiohttp.ClientSession() as http:
            while self._killing:
                try:
                    session = await ask_for_a_person(http, self._machine.base)
                except TROUBLE:
                    session = None
                if session:
                    self.verdict.promised.add(session)
                await asyncio.sleep(0.5)

    async def _agent(self, login: str) -> None:
        while True:
            jar = aiohttp.CookieJar(unsafe=True)
            async with aiohttp.ClientSession(cookie_jar=jar, timeout=LIMIT) as http:
                with suppress(*TROUBLE, ExceptionGroup):
                    await self._tab(Agent(http, self._machine.base, login))
            await asyncio.sleep(0.3)

    async def _tab(self, agent: Agent) -> None:
        """A page of the desk from its opening to its death."""
        if not await agent.sign_in():
            return
        dies = self._tabs[agent.login] = asyncio.Event()
        async with agent.line() as line, asyncio.TaskGroup() as group:
            reading = group.create_task(self._read(line, dies))
            while not dies.is_set():
                await self._serve(agent, dies)
                await asyncio.sleep(0.05)
            reading.cancel()

    async def _read(self, line: aiohttp.ClientWebSocketResponse, dies: asyncio.Event) -> None:
        async for _ in line:
            pass
        dies.set()

    async def _serve(self, agent: Agent, dies: asyncio.Event) -> None:
        told = await agent.get("handoffs")
        mine = told.get("mine", [])
        if not mine:
            waiting = told.get("waiting", [])
            if waiting and await agent.post(f"handoffs/{waiting[0]['id']}/accept", {}):
                mine = waiting[:1]
        for handoff in mine:
            await asyncio.sleep(self._dice.uniform(0, 0.3))
            if dies.is_set():
                return
            words = {"id": f"{handoff['id']}-{agent.login}", "text": "您好"}
            if await agent.post(f"sessions/{handoff['session_id']}/say", words):
                self.verdict.served.add(handoff["session_id"])
                await agent.post(f"handoffs/{handoff['id']}/release", {"to": "end"})


async def killed(kills: int) -> Verdict:
    """On an empty SQLite, a Redis and a gateway of its own."""
    with tempfile.TemporaryDirectory() as name:
        machine = Machine(Path(name), free_port())
        store = await Store.open(f"sqlite+aiosqlite:///{Path(name) / 'hotline.db'}")
        async with store.begin() as records:
            for number in range(AGENTS):
                skills = ("mandarin", "crisis")
                account = Account(f"a{number}", f"a{number}", "agent", skills, HASHED, now())
                await records.agents.add(account)
        await store.close()
        machine.start("redis")
        machine.start("gateway")
        try:
            async with asyncio.timeout(60):
                await machine.healthy()
            return await Play(machine, kills).run()
        finally:
            machine.close()
