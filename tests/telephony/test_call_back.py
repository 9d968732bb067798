"""The robot calls a caller back by Asterisk, and a real telephone answers: by speech and by key."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr

from bot.calling import Robot
from bot.desk import Desk
from bot.dialogue import words
from bot.harness import free_port
from bot.rules.scope import screen
from bot.rules.session import Channel
from bot.rules.ticket import TicketStatus
from bot.settings import Settings
from bot.store import Rated, Store
from knowledge_base.safety import safety
from tests.bot.conftest import MONDAY
from tests.bot.desk.test_followup import WORK, opened, ordered
from tests.bot.test_worker import Watch
from tests.records import sqlite_records
from tests.telephony.asterisk import asterisk
from tests.telephony.baresip import RATE, Telephone, telephone
from voice import stt
from voice.audio import Samples, resample
from voice.engine import Engine
from voice.espeak import synthesize
from voice.lines import Lines
from voice.local_voice import LocalVoice
from voice.manager import Manager
from voice.outbound import Outbound
from voice.service import Service
from voice.sound_cache import SoundCache
from voice.speech import Speech, Voices
from voice.switchboard import Switchboard
from voice.tts import OutsideVoice

pytestmark = [pytest.mark.telephone, pytest.mark.speech]

PHONE = "13800138000"
SAYS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("speech.yml").read_text("utf-8"))[
    "call_back"
]


def said(text: str) -> Samples:
    made = synthesize(text, "cmn+f2", rate=210)
    return resample(made.samples, made.rate, RATE)


@asynccontextmanager
async def speech(folder: Path) -> AsyncIterator[Speech]:
    local = LocalVoice()
    cache = SoundCache(folder / "speech")
    yield Speech(cache, OutsideVoice(first_seconds=1), local, Voices("m", "c"), lambda _: False)
    await local.close()


@asynccontextmanager
async def calling(
    folder: Path, robot: Robot, watch: Watch
) -> AsyncIterator[tuple[Settings, Outbound]]:
    """The voice process's part in it: recogniser, voice, switchboard, and who calls out."""
    async with speech(folder) as mouth, asyncio.TaskGroup() as group:
        engine = Engine(stt.Recognizer(stt.at_hand(str(stt.DEMONSTRATION))))
        running = group.create_task(engine.run())
        await engine.warm_up()
        lines = Lines(10)
        board = Switchboard(lines, Service(robot, engine, mouth, watch))
        server = await board.listen("127.0.0.1", 0)
        settings = Settings(
            data=folder,
            voice_port=free_port(),
            audiosocket_port=server.sockets[0].getsockname()[1],
            asterisk_manager=f"127.0.0.1:{free_port()}",
            asterisk_secret=SecretStr("open sesame"),
        )
        manager = Manager(settings.asterisk_manager, "open sesame", ring_seconds=10)
        yield settings, Outbound(robot, manager, lines)
        server.close()
        running.cancel()


async def test_a_grade_by_word_a_reason_by_word_and_a_grade_by_key(tmp_path: Path) -> None:
    store, watch = await Store.open(sqlite_records(tmp_path)), Watch()
    desk = Desk(store)
    async with store.begin() as records:
        await records.sessions.begin("s1", Channel.PHONE, PHONE, MONDAY)
    number = (await opened(desk, channel="phone", phone=PHONE)).ticket_no
    await ordered(desk, number, *WORK)
    lexicon = safety()
    robot = Robot(store, desk, words.load(), lambda text: screen(text, lexicon), watch)
    async with calling(tmp_path, robot, watch) as (settings, outbound):
        async with (
            asterisk(settings) as made,
            telephone(PHONE, made.carrier, answers=True) as phone,
            asyncio.TaskGroup() as group,
        ):
            running = group.create_task(outbound.run())
            await phone.happens("CALL_ESTABLISHED")
            await answered(phone, store, number)
            await hung_up(phone)
            await graded(store, number, 2)
            running.cancel()
    async with store.read() as records:
        ratings = await records.ratings.of_ticket(number)
        letters = await records.outbox.of(number)
    assert [(one.of, one.grade, one.method) for one in ratings] == [
        (Rated.RESULT, 2, "phone"),
        (Rated.SERVICE, 5, "phone"),
    ]
    assert (await desk.find(number)).status is TicketStatus.IN_PROGRESS  # to be done again
    assert letters[-1].kind == "supplement"
    shared = set(SAYS["reason"]) & set(letters[-1].payload["text"])
    assert len(shared) >= len(set(SAYS["reason"])) / 2  # as well as a small model hears it
    assert await robot.due() == []
    await store.close()


async def answered(phone: Telephone, store: Store, number: str) -> None:
    """What the robot asks is answered, and answered again where it asks again."""
    for _ in range(8):
        await phone.listens(0.5)
        async with store.read() as records:
            grades = await records.ratings.of_ticket(number)
            letters = await records.outbox.of(number)
        if any(letter.kind == "supplement" for letter in letters):
            return
        await phone.say(said(SAYS["reason"] if grades else SAYS["grade"]))
    raise AssertionError("the robot heard no reason")


async def hung_up(phone: Telephone) -> None:
    """A grade by key, pressed again where the line lost it; then the robot hangs up."""
    for _ in range(3):
        phone.press("5")
        with suppress(TimeoutError):
            await phone.happens("CALL_CLOSED", 30)
            return
    raise AssertionError("the robot did not hang up")


async def graded(store: Store, number: str, grades: int) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        async with store.read() as records:
            if len(await records.ratings.of_ticket(number)) >= grades:
                return
        await asyncio.sleep(0.1)
