"""A real dialogue in one process, for commands and tests: Rasa started for it, actions in here.

Every conversation gets an empty store of its own, in a temporary folder; nothing is delivered
anywhere, and all of it is gone at the end.
"""

import asyncio
import os
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
from aiohttp import web
from rasa_sdk.executor import ActionExecutor

from actions.server import application, executor
from actions.wiring import services
from bot import rasa
from bot.alarm import Alarm, load_alarm
from bot.conversation import Conversation
from bot.desk import Desk, Rulebook
from bot.dialogue import words
from bot.dialogue.client import Dialogue
from bot.rules.errors import Unavailable
from bot.settings import Settings
from bot.store import Store

READY_SECONDS = 180.0
UTTERANCE_SECONDS = (
    20.0  # many conversations share two cores here; callers' own deadline is shorter
)


class Silent:
    """Nobody listens: conversations here are read from their outcomes."""

    async def publish(self, topic: str, event: dict[str, Any]) -> bool:
        """Told nobody."""
        return False


@dataclass
class Scene:
    """One conversation with a store of its own."""

    conversation: Conversation
    store: Store
    session_id: str


@dataclass
class Stage:
    """A running Rasa and the actions of every scene on it."""

    url: str
    folder: Path
    settings: Settings
    alarm: Alarm
    _executors: dict[str, ActionExecutor] = field(default_factory=dict)
    _rulebook: Rulebook = field(default_factory=Rulebook.standing)

    def executor_for(self, session_id: str) -> ActionExecutor:
        """The actions of a scene."""
        return self._executors[session_id]

    @asynccontextmanager
    async def scene(self) -> AsyncIterator[Scene]:
        """A conversation from an empty store."""
        session_id = f"scene-{uuid4().hex}"
        store = await Store.open(f"sqlite+aiosqlite:///{self.folder / session_id}.db")
        desk = Desk(store, rulebook=self._rulebook)
        dialogue = Dialogue(self.url, seconds=UTTERANCE_SECONDS)
        self._executors[session_id] = executor(services(self.settings, desk))
        try:
            yield Scene(
                Conversation(
                    store=store,
                    desk=desk,
                    live=Silent(),
                    dialogue=dialogue,
                    screen=self.alarm,
                    words=words.load(),
                ),
                store,
                session_id,
            )
        finally:
            del self._executors[session_id]
            await dialogue.close()
            await store.close()


@asynccontextmanager
async def stage(settings: Settings | None = None) -> AsyncIterator[Stage]:
    """Train if needed, start Rasa, wait until it answers; stop it at the end."""
    model = await asyncio.to_thread(rasa.train)
    alarm = await asyncio.to_thread(load_alarm, model)
    with tempfile.TemporaryDirectory(prefix="hotline-stage-") as folder:
        port = free_port()
        made = Stage(f"http://127.0.0.1:{port}", Path(folder), settings or Settings(), alarm)
        runner = web.AppRunner(application(made.executor_for))
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        actions_url = f"http://127.0.0.1:{runner.addresses[0][1]}/webhook"
        with (made.folder / "rasa.log").open("wb") as log:
            server = await asyncio.create_subprocess_exec(
                *rasa.command(model, port, endpoints="endpoints-memory.yml"),
                env=os.environ | rasa.environment(actions_url),
                cwd=folder,
                stdout=log,
                stderr=log,
            )
        try:
            await _ready(made, server)
            yield made
        finally:
            if server.returncode is None:
                server.terminate()
                await server.wait()
            await runner.cleanup()


async def _ready(made: Stage, server: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(READY_SECONDS), aiohttp.ClientSession() as session:
        while True:
            if server.returncode is not None:
                tail = (made.folder / "rasa.log").read_text(errors="replace")[-2000:]
                raise Unavailable(f"Rasa ended with status {server.returncode}:\n{tail}")
            try:
                async with session.get(made.url + rasa.HEALTH) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.2)


def free_port() -> int:
    """A port that is free on loopback now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
