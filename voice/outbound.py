"""Calls that we make: whoever is due is rung up, and the robot talks to those who answer.

The hours, the number of tries and who does not want to be called are the desk's to know: `due`
gives out only whom we may call now. A crash in the middle costs nothing: what is not told to be
over is due again after ten minutes.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog

from bot.desk import Errand
from bot.rules.errors import HotlineError
from voice.lines import Lines
from voice.service import Listener

log = structlog.get_logger()

LOOK_SECONDS = 10.0
MOST_AT_ONCE = 5
_LONGEST_SECONDS = 900.0
_POLL_SECONDS = 0.2


class Robot(Listener, Protocol):
    """`bot.calling.Robot`: gives out errands and holds their talks."""

    async def due(self, limit: int = 1) -> list[Errand]:
        """Whom to call now."""

    async def over(self, errand: Errand, *, answered: bool) -> None:
        """The call has ended, or was never answered."""


class Dialer(Protocol):
    """`voice.manager.Manager`."""

    async def call(self, number: str, call_id: str) -> bool:
        """Ring; whether somebody answered."""


class Outbound:
    """One per voice process. ``room`` says whether the process may take one more call."""

    def __init__(
        self, robot: Robot, dialer: Dialer, lines: Lines, room: Callable[[], bool] = lambda: True
    ) -> None:
        self._robot, self._dialer, self._lines, self._room = robot, dialer, lines, room
        self._calling = 0

    async def run(self) -> None:
        """Look who is due, call them, until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                for errand in await self._due():
                    self._calling += 1
                    group.create_task(self._make(errand))
                await asyncio.sleep(LOOK_SECONDS)

    async def _due(self) -> Sequence[Errand]:
        free = MOST_AT_ONCE - self._calling
        if free <= 0 or not self._room():
            return ()
        try:
            return await self._robot.due(free)
        except HotlineError as error:
            log.warning("outbound.not_looked", reason=type(error).__name__)
            return ()

    async def _make(self, errand: Errand) -> None:
        answered = False
        call = self._lines.announce(
            errand.phone, time.monotonic(), session=errand.session_id, listener=self._robot
        )
        try:
            answered = await self._dialer.call(errand.phone, call)
            if answered:
                await self._ended(call)
        except HotlineError as error:
            log.warning("outbound.not_called", errand=errand.id, reason=str(error))
        finally:
            self._calling -= 1
            try:
                await self._robot.over(errand, answered=answered)
            except HotlineError as error:  # it is due again by itself
                log.warning("outbound.not_told", errand=errand.id, reason=type(error).__name__)
        log.info("outbound.over", errand=errand.id, answered=answered)

    async def _ended(self, call: str) -> None:
        """Until the call has left us; one whose sound never came is over in a minute."""
        for _ in range(int(_LONGEST_SECONDS / _POLL_SECONDS)):
            if not self._lines.open(call, time.monotonic()):
                return
            await asyncio.sleep(_POLL_SECONDS)
