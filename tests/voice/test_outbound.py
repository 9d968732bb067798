"""Calls that we make: to a fake dialer by the rules, and to a real telephone by Asterisk."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import SecretStr

from bot.clock import now
from bot.desk import Errand
from bot.harness import free_port
from bot.rules.errors import Unavailable
from bot.rules.session import Next, Outcome, Status, Utterance
from bot.settings import Settings
from tests.telephony.asterisk import asterisk
from tests.telephony.baresip import telephone
from tests.voice.fakes import Beep, Talk, Words
from voice.lines import Lines
from voice.manager import Manager
from voice.outbound import Outbound
from voice.service import Service
from voice.switchboard import Switchboard

TICKET: Any = None


@dataclass
class Asker(Talk):
    """A robot with ``errands``; a key ends its talk."""

    errands: list[Errand] = field(default_factory=list)
    told: list[tuple[str, bool]] = field(default_factory=list)

    async def due(self, limit: int = 1) -> list[Errand]:
        now_due, self.errands = self.errands[:limit], self.errands[limit:]
        return now_due

    async def over(self, errand: Errand, *, answered: bool) -> None:
        self.told.append((errand.phone, answered))

    async def hear(self, utterance: Utterance) -> Outcome:
        await super().hear(utterance)
        return Outcome(utterance.id, Status.GREETED, (), Next.HANG_UP)


@dataclass
class Dialer:
    """Reaches who is ``at_home``, and breaks for the others where told so."""

    lines: Lines
    at_home: Sequence[str] = ()
    breaks: bool = False

    async def call(self, number: str, call_id: str) -> bool:
        if self.breaks:
            raise Unavailable("no Asterisk")
        if number not in self.at_home:
            return False
        self.lines.take(call_id, 0.0)
        self.lines.leave(call_id, Next.HANG_UP)
        return True


def errand(number: str) -> Errand:
    return Errand(1, TICKET, number, f"call-back-{number}")


async def until_told(outbound: Outbound, robot: Asker, calls: int) -> None:
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        running = group.create_task(outbound.run())
        while len(robot.told) < calls:
            await asyncio.sleep(0.05)
        running.cancel()


@pytest.mark.parametrize("breaks", [False, True])
async def test_every_errand_is_told_to_be_over(breaks: bool) -> None:
    lines, robot = Lines(10), Asker(errands=[errand("13800138000"), errand("13900139000")])
    await until_told(Outbound(robot, Dialer(lines, ["13800138000"], breaks), lines), robot, 2)
    assert sorted(robot.told) == [("13800138000", not breaks), ("13900139000", False)]


async def test_nobody_is_called_while_there_is_no_room() -> None:
    lines, robot = Lines(10), Asker(errands=[errand("13800138000")])
    outbound = Outbound(robot, Dialer(lines), lines, room=lambda: False)
    with suppress(TimeoutError):
        async with asyncio.timeout(0.3):
            await outbound.run()
    assert robot.errands


@pytest.mark.telephone
async def test_a_telephone_rings_and_hears_the_robot(tmp_path: Path) -> None:
    lines, robot = Lines(10), Asker()
    service = Service(Talk(), Words(), Beep(1.0), now)
    board = Switchboard(lines, service)
    server = await board.listen("127.0.0.1", 0)
    settings = Settings(
        data=tmp_path,
        voice_port=free_port(),
        audiosocket_port=server.sockets[0].getsockname()[1],
        asterisk_manager=f"127.0.0.1:{free_port()}",
        asterisk_secret=SecretStr("open sesame"),
    )
    async with asterisk(settings) as made:
        outbound = Outbound(
            robot, Manager(settings.asterisk_manager, "open sesame", ring_seconds=4), lines
        )
        async with telephone("13800138000", made.carrier, answers=True) as phone:
            robot.errands.append(errand("13800138000"))
            async with asyncio.TaskGroup() as group:
                telling = group.create_task(until_told(outbound, robot, 1))
                await phone.happens("CALL_ESTABLISHED")
                await phone.listens(0.3)
                phone.press("5")
                phone.press("#")
                await telling
            assert np.abs(phone.heard()).max() > 4000
        assert [said.text for said in robot.heard] == ["5"]
        assert robot.heard[0].session_id == "call-back-13800138000"
        assert robot.told == [("13800138000", True)]
        robot.errands.append(errand("13800138001"))  # the telephone is off now
        await until_told(outbound, robot, 2)
        assert robot.told[-1] == ("13800138001", False)
    server.close()
