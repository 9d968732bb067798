"""A gateway and a worker as real processes, between a stand-in for WeChat and one for Rasa."""

import asyncio
import multiprocessing
import os
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import aiohttp
from aiohttp import web

from bot.dialogue.client import WEBHOOK
from bot.harness import free_port
from bot.settings import ROOT
from tests.wechat_server import AES_KEY, APP_ID, SECRET, TOKEN, Pusher, WeChat, served

READY_SECONDS = 60.0

# A process forks from one that has imported everything: up in a tenth of the time, real in all
# else. It has its own memory and sockets, and dies of its own SIGKILL.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["bot.commands", "bot.gateway", "bot.worker"])


def run(name: str, environment: dict[str, str], log: Path) -> None:
    """Be ``hotline NAME`` with these settings."""
    os.environ.update(environment)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(file, stream.fileno())
    from bot.cli import main

    sys.exit(main([name]))


@dataclass
class FakeRasa:
    """Repeats what it hears, after ``seconds``."""

    seconds: float = 0.0
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        call = await request.json()
        self.asked.append(call["text"])
        await asyncio.sleep(self.seconds)
        said = {"text": f"heard: {call['text']}", "custom": {"outcome": "answered"}}
        return web.json_response({"messages": [said]})

    @asynccontextmanager
    async def served(self) -> AsyncIterator[str]:
        app = web.Application()
        app.router.add_post(WEBHOOK, self.answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()


@dataclass
class Office:
    """The processes of one machine that matter here."""

    platform: WeChat
    rasa: FakeRasa
    http: aiohttp.ClientSession
    environment: dict[str, str]
    port: int
    worker_port: int
    folder: Path
    running: dict[str, ForkServerProcess] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pusher(self) -> Pusher:
        return Pusher(self.platform, f"{self.base}/wechat/miniprogram", self.http)

    async def start(self, name: str) -> None:
        """Start ``gateway``, ``gateway2`` beside it or ``worker``, and wait until it serves."""
        started = processes.Process(
            target=run,
            args=(name.rstrip("2"), self.environment, self.folder / f"{name}.log"),
            daemon=True,
        )
        started.start()
        self.running[name] = started
        port = self.port if name.startswith("gateway") else self.worker_port
        async with asyncio.timeout(READY_SECONDS):
            while not listens(started.pid or 0, port) or not await self._serves(
                f"http://127.0.0.1:{port}/health"
            ):
                status = started.exitcode
                assert status is None, f"{name} ended with {status}: {self.log(name)[-2000:]}"
                await asyncio.sleep(0.02)

    async def kill(self, name: str) -> None:
        """End a process as a crash would."""
        self.running[name].kill()
        await asyncio.to_thread(self.running[name].join)

    async def stop(self) -> None:
        """End all that runs."""
        for name in self.running:
            await self.kill(name)

    async def told(self, openid: str, count: int, seconds: float = 30.0) -> list[str]:
        """What a person has got, once it is so many messages."""
        async with asyncio.timeout(seconds):
            while len(self.platform.texts(openid)) < count:
                await asyncio.sleep(0.02)
        return self.platform.texts(openid)

    def end_leases(self) -> None:
        """As if time had gone by since a worker was killed."""
        with closing(sqlite3.connect(self.folder / "hotline.db", timeout=15)) as records:
            records.execute("UPDATE wechat_lines SET claimed_until = NULL")
            records.commit()

    def log(self, name: str) -> str:
        """What a process wrote."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    async def _serves(self, address: str) -> bool:
        try:
            async with self.http.get(address) as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False


def listens(pid: int, port: int) -> bool:
    """Whether this very process listens on a port that others may share."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    inodes = {row[9] for row in rows if row[3] == "0A" and int(row[1].split(":")[1], 16) == port}
    held = set()
    for descriptor in Path(f"/proc/{pid}/fd").glob("*"):
        with suppress(OSError):
            held.add(str(descriptor.readlink()))
    return any(f"socket:[{inode}]" in held for inode in inodes)


@asynccontextmanager
async def office(folder: Path, redis_url: str) -> AsyncIterator[Office]:
    """Nothing started yet; all ended at the end."""
    async with AsyncExitStack() as stack:
        platform, rasa = WeChat(), FakeRasa()
        wechat_url = await stack.enter_async_context(served(platform))
        rasa_url = await stack.enter_async_context(rasa.served())
        http = await stack.enter_async_context(aiohttp.ClientSession())
        port, worker_port = free_port(), free_port()
        environment = {
            "PYTHONPATH": str(ROOT),
            "HOTLINE_DATA": str(folder),
            "HOTLINE_REDIS_URL": redis_url,
            "HOTLINE_RASA_URL": rasa_url,
            "HOTLINE_PORT": str(port),
            "HOTLINE_WORKER_PORT": str(worker_port),
            "HOTLINE_SECRET": "a key for tests",
            "HOTLINE_WECHAT_URL": wechat_url,
            "HOTLINE_WECHAT_MINIPROGRAM_ID": APP_ID,
            "HOTLINE_WECHAT_MINIPROGRAM_SECRET": SECRET,
            "HOTLINE_WECHAT_MINIPROGRAM_TOKEN": TOKEN,
            "HOTLINE_WECHAT_MINIPROGRAM_AES_KEY": AES_KEY,
        }
        made = Office(platform, rasa, http, environment, port, worker_port, folder)
        stack.push_async_callback(made.stop)
        yield made
