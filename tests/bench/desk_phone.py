"""On the phone the fence is a sound: what the caller hears of the machine after an acceptance.

Real calls of the voice process over the real desk; the machine always has two seconds to say. An
agent accepts at a random moment, while it speaks, thinks or waits.
"""

import asyncio
import random
from dataclasses import dataclass, field

from bot.clock import now
from bot.console.parts import CONSOLE
from bot.rules.session import Speaker
from tests.bench.progress import Step
from tests.bot.console.house import House
from tests.voice.fakes import Beep, Words
from tests.voice.people.test_relay import Phone
from voice.lines import Lines
from voice.people.desk import Agents
from voice.service import Service
from voice.switchboard import Switchboard

AT_ONCE = 10
FRAME_MS = 20
LISTENED_SECONDS = 0.6


@dataclass
class Heard:
    """``late_ms``: of each call, how much of the machine's voice came after the acceptance.
    ``turns``: of the machine, recorded after it. ``cut``: calls in which it was speaking."""

    late_ms: list[int] = field(default_factory=list)
    turns: int = 0
    cut: int = 0


async def calls(house: House, many: int, step: Step) -> Heard:
    """So many, some at once."""
    lines, told = Lines(many), Heard()
    service = Service(house.chat.hearing, Words(), Beep(2.0), now)
    board = Switchboard(lines, service, Agents(house.store, house.desk, house.live))
    places = asyncio.Semaphore(AT_ONCE)
    with house.app[CONSOLE].presence.here("li"):
        async with asyncio.TaskGroup() as group:
            for number in range(many):
                await places.acquire()
                group.create_task(_call(house, board, lines, number, told, places, step))
    return told


async def _call(
    house: House,
    board: Switchboard,
    lines: Lines,
    number: int,
    told: Heard,
    places: asyncio.Semaphore,
    step: Step,
) -> None:
    dice, phone = random.Random(number), Phone(f"phone-{number}")
    line = lines.take(lines.announce(None, 0.0, phone.call_id, stays=True), 0.0)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(board.hold(line, phone))
            while not phone.loud(0):
                await asyncio.sleep(0.02)
            phone.keys.append("0")
            waiting = None
            while waiting is None:
                await asyncio.sleep(0.02)
                async with house.store.read() as records:
                    waiting = await records.handoffs.open_of(phone.call_id)
            await asyncio.sleep(dice.uniform(0, 2.5))
            if dice.random() < 0.5:
                phone.keys.append("1")  # it is asked something at the last moment
                await asyncio.sleep(dice.uniform(0, 0.3))
            told.cut += phone.loud(len(phone.heard) - 3) > 0
            await house.desk.accept(waiting.id, agent="li")
            accepted, spoken = len(phone.heard), await _turns(house, phone.call_id)
            await asyncio.sleep(LISTENED_SECONDS)
            told.late_ms.append(phone.loud(accepted) * FRAME_MS)
            told.turns += await _turns(house, phone.call_id) - spoken
            phone.gone.set()
    finally:
        places.release()
        step()


async def _turns(house: House, session: str) -> int:
    async with house.store.read() as records:
        turns = await records.turns.since(session)
    return sum(turn.speaker is Speaker.BOT for turn in turns)
