"""A stand-in for the city's dispatch system: takes signed letters, and misbehaves when told to."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from jsonschema import Draft202012Validator

from bot.application import description
from bot.clock import now
from bot.rules.errors import Rejected
from bot.rules.signature import KEY_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, verify

SECRET = "shared with the stand-in"
SCHEMAS = "#/components/schemas/"
PUBLISHED = Draft202012Validator(
    {
        "oneOf": [{"$ref": f"{SCHEMAS}Letter"}, {"$ref": f"{SCHEMAS}SupplementLetter"}],
        "components": description()["components"],
    }
)


class DispatchSystem:
    """Acts once on each key, counts how often each came, answers as its ``script`` says, and
    refuses what the published schema does not allow.

    The script is a list of HTTP statuses for the next requests; ``"after"`` acts on the letter
    and then fails, as a system does that dies before its answer. When it is used up: 200.
    """

    def __init__(self) -> None:
        self.script: list[int | str] = []
        self.seconds = 0.0
        self.came: Counter[str] = Counter()
        self.acted: dict[str, dict[str, Any]] = {}
        self.order: list[str] = []
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        """One letter."""
        body = await request.read()
        await asyncio.sleep(self.seconds)
        headers = request.headers
        try:
            verify(SECRET, headers[TIMESTAMP_HEADER], headers[SIGNATURE_HEADER], body, now())
        except Rejected:
            return web.Response(status=401)
        letter = json.loads(body)
        if not PUBLISHED.is_valid(letter):
            return web.Response(status=400)
        key = headers[KEY_HEADER]
        self.came[key] += 1
        step = self.script.pop(0) if self.script else 200
        if isinstance(step, int) and step >= 300:
            return web.Response(status=step)
        if key not in self.acted:
            self.acted[key] = letter
            self.order.append(key)
        return web.Response(status=500 if step == "after" else 200)


@asynccontextmanager
async def dispatch_system() -> AsyncIterator[DispatchSystem]:
    """One that runs while the block lasts."""
    system = DispatchSystem()
    app = web.Application()
    app.router.add_post("/letters", system.take)
    async with TestServer(app) as server:
        system.url = str(server.make_url("/letters"))
        yield system
