"""The whole hotline as a stranger starts it, and a page of the web chat without a browser."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import aiohttp

from bot.commands.up import settings_for
from bot.harness import free_port
from bot.live import Live
from bot.settings import ROOT, Settings
from bot.store import Store, TicketFilter
from bot.supervision import door, processes

READY_SECONDS = 240.0
ANSWER_SECONDS = 30.0


@dataclass
class Hotline:
    """A running hotline."""

    base: str
    settings: Settings

    def kill(self, name: str) -> None:
        """Kill a process of it, as a crash would."""
        with door(self.settings) as supervisor:
            os.kill(supervisor.getProcessInfo(name)["pid"], signal.SIGKILL)

    def runs(self, name: str) -> bool:
        """Whether a process has been up for a moment."""
        with door(self.settings) as supervisor:
            return bool(supervisor.getProcessInfo(name)["statename"] == "RUNNING")

    async def healthy(self) -> None:
        """Wait until every process says itself that it serves."""
        async with asyncio.timeout(READY_SECONDS), aiohttp.ClientSession() as session:
            for process in processes(self.settings, Path()):
                while not await self._serves(session, process.health):
                    await asyncio.sleep(0.5)

    async def tickets(self) -> int:
        """How many tickets it has opened."""
        store = await Store.open(self.settings.database)
        async with store.read() as records:
            found = len(await records.tickets.listed(TicketFilter()))
        await store.close()
        return found

    async def _serves(self, session: aiohttp.ClientSession, health: str | None) -> bool:
        if health is None:
            live = Live(self.settings.redis)
            answers = await live.healthy()
            await live.close()
            return answers
        try:
            async with session.get(health) as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False


@asynccontextmanager
async def hotline(
    data: Path, environment: Mapping[str, str] | None = None
) -> AsyncIterator[Hotline]:
    """``./hotline up`` on ports and a folder of its own, with more settings if given."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "up", "--port", str(port), "--data", str(data)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ
        | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        | dict(environment or {}),
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(READY_SECONDS):
            printed = ""
            while "/desk" not in printed:
                line = (await process.stdout.readline()).decode()
                assert line, f"ended before it was ready:\n{printed}"
                printed += line
        yield Hotline(f"http://127.0.0.1:{port}", settings_for(port, data))
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@dataclass
class Page:
    """One page of the web chat: says something, and hears what comes of it."""

    socket: aiohttp.ClientWebSocketResponse
    said: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    token: str = ""

    async def hello(self, token: str | None) -> None:
        """Go on with a session, or begin one."""
        await self.socket.send_json({"type": "hello", "session": token, "after": 0})
        while not self.token:
            frame = await self._frame()
            if frame["type"] == "session":
                self.token = str(frame["token"])

    async def say(self, text: str, identity: str | None = None) -> str:
        """Say it, and hear everything until it is done."""
        identity = identity or uuid4().hex
        await self.socket.send_json({"type": "say", "id": identity, "text": text})
        heard = len(self.said)
        while True:
            frame = await self._frame()
            if frame["type"] == "done" and frame["id"] == identity:
                return "\n".join(self.said[heard:])

    async def refusal(self) -> str:
        """The code of the next refusal."""
        while (frame := await self._frame())["type"] != "error":
            pass
        return str(frame["code"])

    async def _frame(self) -> dict[str, object]:
        async with asyncio.timeout(ANSWER_SECONDS):
            frame: dict[str, object] = await self.socket.receive_json()
        if frame["type"] == "turn" and frame["speaker"] == "bot":
            self.said.append(str(frame["text"]))
        if frame["type"] == "error":
            self.refusals.append(str(frame["code"]))
        return frame


@asynccontextmanager
async def page(base: str, token: str | None = None) -> AsyncIterator[Page]:
    """A page that has said hello."""
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(f"{base}/ws/chat", origin=base) as socket:
            opened = Page(socket)
            await opened.hello(token)
            yield opened
