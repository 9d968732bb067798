"""Health of every process, at one address: each part is asked at intervals, with a deadline."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import aiohttp
from aiohttp import web

from bot import metrics
from bot.clock import Clock
from bot.log import logger

log = logger(__name__)

INTERVAL_SECONDS = 3.0
DEADLINE_SECONDS = 2.0

Answer = dict[str, Any]
Check = Callable[[], Awaitable[Answer | None]]
LOST = (aiohttp.ClientError, TimeoutError, OSError)


class Health:
    """What every part last said of itself. A check answers a dict, or None when it is away."""

    def __init__(self, checks: Mapping[str, Check], clock: Clock) -> None:
        self._checks = checks
        self._clock = clock
        self._answers: dict[str, Answer | None] = {}
        self._asked_at: datetime | None = None

    def works(self, part: str) -> bool:
        """Whether it answered when it was last asked; yes before that."""
        return self._answers.get(part, {}) is not None

    def answer(self, part: str) -> Answer:
        """What a part last said of itself; empty when it is away."""
        return self._answers.get(part) or {}

    def report(self) -> Answer:
        """For ``/health``: overall status, what is degraded, and every part."""
        degraded = [part for part in self._checks if not self.works(part)]
        return {
            "status": "degraded" if degraded else "ok",
            "degraded": degraded,
            "asked_at": self._asked_at.isoformat() if self._asked_at else None,
            "parts": {part: {"ok": self.works(part), **self.answer(part)} for part in self._checks},
        }

    async def ask(self) -> None:
        """Ask every part once."""
        async with asyncio.TaskGroup() as group:
            for part, check in self._checks.items():
                group.create_task(self._ask(part, check))
        self._asked_at = self._clock()

    async def watch(self) -> None:
        """Ask again and again, until cancelled."""
        while True:
            await self.ask()
            await asyncio.sleep(INTERVAL_SECONDS)

    async def _ask(self, part: str, check: Check) -> None:
        answer: Answer | None = None
        with suppress(TimeoutError):
            async with asyncio.timeout(DEADLINE_SECONDS):
                answer = await check()
        if (answer is not None) != self.works(part):
            log.warning("health.changed", part=part, ok=answer is not None)
        self._answers[part] = answer
        metrics.healthy.labels(part).set(answer is not None)


HEALTH = web.AppKey("health", Health)


def over_http(http: aiohttp.ClientSession, url: str) -> Check:
    """A check that asks a health address; the JSON object it answers is kept."""

    async def check() -> Answer | None:
        try:
            async with http.get(url) as response:
                if response.status >= 500:
                    return None
                told = await response.json(content_type=None)
        except (*LOST, ValueError):
            return None
        return told if isinstance(told, dict) else {}

    return check


def by_asking(healthy: Callable[[], Awaitable[bool]]) -> Check:
    """A check that asks one of our own doors."""

    async def check() -> Answer | None:
        return {} if await healthy() else None

    return check
