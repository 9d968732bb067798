"""The whole hotline, its processes killed one after the other while callers go on calling.

Callers of the web chat tell their matter to the real dialogue until they hear a ticket number;
programs open requests over Open311. All of them retry as their own clients do: the same utterance
or the same key after a lost connection, said anew after an apology. Each caller has
one matter in a session of its own, so that a second ticket for it shows.
"""

import asyncio
import random
import re
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import aiohttp
import yaml

from tests.dispatch_system import DispatchSystem
from tests.hotline import Hotline
from tests.kills import Verdict, drained, inspected, undelivered
from tests.postgres import Cluster

PROCESSES = ("worker", "gateway", "actions", "redis")
KEY = "outages"
ENVIRONMENT = {"HOTLINE_OPEN311_KEYS": f"program:{KEY}"}
ANSWER_SECONDS = 15.0
TRIES = 40  # of one caller, before the matter counts as not taken
SAID = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
NUMBER = re.compile(r"GZ\d{14}")
LOST = (aiohttp.ClientError, TimeoutError, OSError, TypeError, ValueError)


@dataclass
class Calls:
    """What callers were told. ``answers``: their session or key, and the number they heard."""

    answers: list[tuple[str, str]] = field(default_factory=list)
    to_a_person: list[str] = field(default_factory=list)  # sessions
    given_up: list[str] = field(default_factory=list)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Caller:
    """One caller of the web chat with one matter."""

    http: aiohttp.ClientSession
    base: str
    post: int
    token: str | None = None
    heard: str = ""
    waiting: bool = False
    socket: aiohttp.ClientWebSocketResponse | None = None

    @property
    def session_id(self) -> str:
        """The session, once there is one."""
        return (self.token or "").split(".")[0]

    async def tell(self) -> str | None:
        """The ticket's number; None when a person has to take it, or nobody answered."""
        text = SAID["report"].format(post=self.post)
        for _ in range(TRIES):
            answer = await self._say(text)
            if found := NUMBER.search(answer):
                return found[0]
            if self.waiting:
                return None
            text = self._next(answer)
        return None

    def _next(self, answer: str) -> str:
        for pattern, reply in SAID["replies"].items():
            if pattern in answer:
                return str(reply)
        return str(SAID["report"]).format(post=self.post)

    async def _say(self, text: str) -> str:
        """The same utterance until it is answered, over as many connections as it takes."""
        identity = uuid4().hex
        while True:
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    if self.socket is None or self.socket.closed:
                        await self._connect()
                    return await self._exchange(identity, text)
            except LOST:
                await self.close()
                await asyncio.sleep(0.3)

    async def _connect(self) -> None:
        self.socket = await self.http.ws_connect(f"{self.base}/ws/chat", origin=self.base)
        await self.socket.send_json({"type": "hello", "session": self.token, "after": 0})
        while True:
            frame = await self.socket.receive_json()
            if frame["type"] == "session":
                self.token = frame["token"]
                return

    async def _exchange(self, identity: str, text: str) -> str:
        assert self.socket is not None
        await self.socket.send_json({"type": "say", "id": identity, "text": text})
        heard: list[str] = []
        while True:
            frame = await self.socket.receive_json()
            if frame["type"] == "turn" and frame["speaker"] == "caller":
                heard = [] if frame.get("id") == identity else heard
            elif frame["type"] == "turn":
                heard.append(frame["text"])
            elif frame["type"] == "handler":
                self.waiting = frame["handler"] in ("waiting", "agent")
            elif frame["type"] == "error" and frame.get("id") == identity:
                raise OSError(frame.get("code", "refused"))
            elif frame["type"] == "done" and frame["id"] == identity:
                return "\n".join(heard)

    async def close(self) -> None:
        """Hang up."""
        if self.socket is not None:
            await self.socket.close()
            self.socket = None


async def call(running: Hotline, calls: Calls, first: int) -> None:
    """A line of callers, one after the other."""
    post = first
    async with aiohttp.ClientSession() as http:
        while not calls.stopping.is_set():
            caller = Caller(http, running.base, post)
            number = await caller.tell()
            await caller.close()
            if number is not None:
                calls.answers.append((caller.session_id, number))
            else:
                (calls.to_a_person if caller.waiting else calls.given_up).append(caller.session_id)
            post += 1


async def program(running: Hotline, calls: Calls, name: str) -> None:
    """A program that opens requests over Open311, each under a key of its own until it is told."""
    count = 0
    async with aiohttp.ClientSession() as http:
        while not calls.stopping.is_set():
            key = f"{name}-{count}"
            number = await _requested(http, running.base, key)
            if number is None:
                await asyncio.sleep(0.2)
                continue
            calls.answers.append((key, number))
            count += 1
            await asyncio.sleep(0.1)


async def _requested(http: aiohttp.ClientSession, base: str, key: str) -> str | None:
    form = SAID["request"] | {"api_key": KEY}
    try:
        async with http.post(
            f"{base}/open311/v2/requests.json",
            data=form,
            headers={"Idempotency-Key": key},
            timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS),
        ) as answer:
            if answer.status != 201:
                return None
            return str((await answer.json())[0]["service_request_id"])
    except LOST:
        return None


async def storm(
    running: Hotline,
    url: str,
    kills: int,
    *,
    server: Cluster | None = None,
    system: DispatchSystem | None = None,
    callers: int = 3,
    pause_seconds: tuple[float, float] = (0.2, 2.5),
) -> tuple[Verdict, Calls]:
    """Kill ``kills`` times at random moments under load, let it settle, and look.

    ``system``: where the worker delivers to; without it deliveries are not judged.
    """
    calls, dice = Calls(), random.Random(12345)
    victims = [*PROCESSES, *(["postgresql"] if server else [])]
    async with asyncio.TaskGroup() as group:
        for line in range(callers):
            group.create_task(call(running, calls, 1 + line * 100_000))
        group.create_task(program(running, calls, "p"))
        for _ in range(kills):
            await asyncio.sleep(dice.uniform(*pause_seconds))
            await asyncio.to_thread(_strike, running, dice.choice(victims), server)
        await running.healthy()
        calls.stopping.set()
    if system is not None:
        system.script = []
        await drained(url)
    return await _verdict(url, calls, kills, system), calls


def _strike(running: Hotline, victim: str, server: Cluster | None) -> None:
    if victim == "postgresql" and server is not None:
        server.stop(signal.SIGKILL)
        time.sleep(0.2)
        server.start()
        return
    while not running.runs(victim):  # its last death is being mended
        time.sleep(0.2)
    running.kill(victim)


async def _verdict(url: str, calls: Calls, kills: int, system: DispatchSystem | None) -> Verdict:
    tickets, broken = await inspected(url)
    numbers = {ticket.ticket_no for ticket in tickets}
    chats = Counter(one.session_id for one in tickets if one.session_id.startswith("web-"))
    told = Counter(number for _, number in calls.answers)
    transfers = _transfers(system)
    return Verdict(
        kills=kills,
        acknowledged=len(calls.answers),
        lost=sum(number not in numbers for number in told),
        doubled=sum(times - 1 for counted in (chats, told) for times in counted.values()),
        delivered_twice=sum(times - 1 for times in transfers.values()),
        undelivered=0 if system is None else undelivered(tickets, transfers),
        broken_histories=broken,
    )


def _transfers(system: DispatchSystem | None) -> Counter[str]:
    letters = [] if system is None else list(system.acted.values())
    return Counter(one["ticket_no"] for one in letters if one["letter"] == "transfer")
