"""Callers with real telephones, through a real Asterisk, to the whole hotline and its agents."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
import yaml

from bot.harness import free_port
from bot.settings import Settings
from tests.hotline import Hotline
from tests.telephony.asterisk import Asterisk, asterisk
from tests.telephony.baresip import RATE, Telephone, telephone
from tests.telephony.crowd import crowd
from tests.telephony.people import press_until, told
from voice.audio import Samples, resample
from voice.espeak import synthesize

pytestmark = [
    pytest.mark.telephone,
    pytest.mark.rasa,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(300),
]

TEXTS = Path(__file__).parent.parent / "telephony" / "speech.yml"
SPEECH: dict[str, Any] = yaml.safe_load(TEXTS.read_text("utf-8"))


def speech(text: str, voice: str = "cmn") -> Samples:
    made = synthesize(text, voice, rate=210)
    return resample(made.samples, made.rate, RATE)


@dataclass
class Exchange:
    """The hotline with Asterisk before it."""

    running: Hotline
    asterisk: Asterisk
    agent: Telephone

    def turns(self, caller: str, call: int = 1) -> list[tuple[str, str, str | None]]:
        """What was said in a call of this caller: speaker, text, status."""
        return self._records(
            "select speaker, text, status from turns where session_id = (select id from sessions"
            " where caller = ? order by begun_at limit 1 offset ?) order by seq",
            caller,
            call - 1,
        )

    def tickets(self, caller: str) -> list[tuple[str]]:
        """Numbers of the tickets that the caller's sessions opened."""
        return self._records(
            "select ticket_no from tickets where session_id in"
            " (select id from sessions where caller = ?)",
            caller,
        )

    def answered(self, callers: str) -> int:
        """How many sessions of numbers like ``callers`` got an answer to what they said."""
        [(found,)] = self._records(
            "select count(distinct session_id) from turns where speaker = 'bot' and seq > 1"
            " and session_id in (select id from sessions where caller like ?)",
            callers,
        )
        return int(found)

    def queued(self) -> int:
        """How many calls have gone to the agents' queue."""
        return sum("Executing" in line and "Queue(" in line for line in self.asterisk.log)

    async def asked(self, caller: str, after: int, call: int = 1) -> str:
        """What we said last in a call of theirs, once there are more than ``after`` turns."""
        async with asyncio.timeout(90):
            while True:
                turns = self.turns(caller, call)
                if len(turns) > after and turns[-1][0] == "bot":
                    return turns[-1][1]
                await asyncio.sleep(0.1)

    async def listed(self, caller: str) -> None:
        """Wait until the caller is on the list of those to be called back."""
        async with asyncio.timeout(20):
            while not self._records(
                "select id from missed where phone = ? and status = 'waiting'", caller
            ):
                await asyncio.sleep(0.1)

    def _records(self, query: str, *values: str | int) -> list[Any]:
        database = sqlite3.connect(self.running.settings.data / "hotline.db", timeout=10)
        with closing(database):
            return database.execute(query, values).fetchall()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def exchange(running: Hotline) -> AsyncIterator[Exchange]:
    await running.healthy()
    async with (
        telephone("agent01", port := free_port(), answers=True) as agent,
        asterisk(running.settings, agent=port) as made,
    ):
        yield Exchange(running, made, agent)


def answer_to(asked: str) -> str:
    """What a willing caller says to a question of the dialogue."""
    for known in SPEECH["answers"]:
        if known["asks"] in asked:
            return str(known["says"])
    return "对"


async def report(exchange: Exchange, phone: Telephone, number: str) -> None:
    """Cut into the greeting with a report that has a pause in it; answer until it is done."""
    await phone.dial(exchange.asterisk.line)
    await asyncio.sleep(1.5)
    first, second = (speech(text, "cmn+f2") for text in SPEECH["report"])
    pause = np.zeros(int(0.3 * RATE), np.int16)
    said = np.concatenate([first, pause, second])
    before = len(phone.heard())
    await phone.say(said)
    during = np.abs(phone.heard()[before:]).reshape(-1)
    assert np.abs(during[-RATE // 2 :]).max() < 300, "our voice went on over the caller"
    turns = 1
    for _ in range(12):
        asked = await exchange.asked(number, turns)
        if exchange.tickets(number):
            break
        turns = len(exchange.turns(number))
        await phone.listens(0.5)
        await phone.say(speech(answer_to(asked), "cmn+f2"))
    assert len(exchange.tickets(number)) == 1, exchange.turns(number)
    phone.hang_up()


async def half_a_report(exchange: Exchange, phone: Telephone, number: str) -> None:
    """Hang up in the middle, call again, take the offer, and be asked what was still missing."""
    await phone.dial(exchange.asterisk.line)
    await asyncio.sleep(1.5)
    await phone.say(speech(SPEECH["half"], "cmn+f2"))
    missing = await exchange.asked(number, 1)
    phone.hang_up()
    await phone.happens("CALL_CLOSED")
    await exchange.listed(number)
    await phone.dial(exchange.asterisk.line)
    assert SPEECH["offer"] in await exchange.asked(number, 0, call=2)
    turns, asked = 1, ""
    for _ in range(4):  # the small model may mishear a yes: then it asks again, and hears it again
        await phone.listens(0.5)
        await phone.say(speech(SPEECH["resume"], "cmn+f2"))
        asked = await exchange.asked(number, turns, call=2)
        if asked == missing:
            break
        turns = len(exchange.turns(number, 2))
    assert asked == missing, exchange.turns(number, 2)
    phone.hang_up()


async def test_a_report_with_pauses_and_an_interruption_becomes_a_ticket(
    exchange: Exchange,
) -> None:
    number = "13800138000"
    async with telephone(number, exchange.asterisk.carrier) as phone:
        await report(exchange, phone, number)


async def test_a_report_that_was_broken_off_is_offered_on_the_next_call(
    exchange: Exchange,
) -> None:
    number = "13800138004"
    async with telephone(number, exchange.asterisk.carrier) as phone:
        await half_a_report(exchange, phone, number)


async def test_the_key_0_leads_to_an_agent_and_both_hear_each_other(exchange: Exchange) -> None:
    made, agent = exchange.asterisk, exchange.agent
    async with telephone("13800138001", made.carrier) as caller:
        await caller.dial(made.line)
        await asyncio.sleep(1.0)
        waiting = exchange.queued()
        await press_until(caller, "0", lambda: exchange.queued() > waiting)
        await agent.happens("CALL_ESTABLISHED", 90)
        await asyncio.sleep(0.5)
        ours, theirs = speech(SPEECH["agent"], "cmn+m7"), speech(SPEECH["caller"], "cmn+f4")
        await told(agent, [caller], ours)
        await told(caller, [agent], theirs)


async def test_of_many_callers_at_once_nobody_is_left_in_silence(exchange: Exchange) -> None:
    waiting = exchange.queued()
    sound = np.concatenate([np.zeros(RATE, np.int16), speech(SPEECH["half"], "cmn+f2")])
    sound = np.concatenate([sound, np.zeros(20 * RATE, np.int16)])
    status = await crowd(exchange.asterisk.line, exchange.asterisk.carrier, 8, sound, 16.0)
    assert status == 0
    answered = exchange.answered("139%")
    assert answered >= 1
    assert answered + exchange.queued() - waiting >= 8  # who is too many goes to the people


async def test_when_the_voice_dies_in_a_call_the_caller_reaches_an_agent(
    exchange: Exchange,
) -> None:
    made, agent = exchange.asterisk, exchange.agent
    async with telephone("13800138002", made.carrier) as caller:
        await caller.dial(made.line)
        await asyncio.sleep(1.0)
        exchange.running.kill("voice")
        await agent.happens("CALL_ESTABLISHED", 90)
        theirs = speech(SPEECH["caller"], "cmn+f4")
        await told(caller, [agent], theirs)


async def test_without_a_voice_process_callers_reach_an_agent(tmp_path: Path) -> None:
    nobody = Settings(data=tmp_path, voice_port=free_port(), audiosocket_port=free_port())
    async with (
        telephone("agent01", port := free_port(), answers=True) as agent,
        asterisk(nobody, agent=port) as made,
        telephone("13800138003", made.carrier) as caller,
    ):
        await caller.dial(made.line)
        await agent.happens("CALL_ESTABLISHED", 90)
