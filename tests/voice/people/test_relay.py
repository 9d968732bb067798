"""A call that stays with us: the machine, the queue, a person, the machine again; in real time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bot.clock import now
from bot.recordings import RATE
from bot.recordings import Words as Said
from bot.rules.session import Handler, Next
from tests.voice.fakes import Beep, Talk, Words
from tests.voice.speaking import say
from voice.audio import FRAME_SECONDS, from_bytes, to_bytes
from voice.legs.leg import Frame, Hear
from voice.lines import Lines
from voice.metronome import Beat, Metronome
from voice.people.voices import Spoken
from voice.service import Service
from voice.signals import KeyPressed
from voice.switchboard import Switchboard

FRAME = 640


class Phone:
    """A caller's line at 16 kHz; what is put into ``speech`` is spoken, frame by frame."""

    caller, rate, refused = None, 16_000, None

    def __init__(self, call_id: str = "call") -> None:
        self.call_id = call_id
        self.metronome = Metronome()
        self.speech = bytearray()
        self.keys: list[str] = []
        self.heard: list[bytes] = []
        self.gone = asyncio.Event()
        self.closed: Next | None = None

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    async def carry(self, hear: Hear, beat: Beat) -> None:
        def tick() -> None:
            frame = bytes(self.speech[:FRAME]).ljust(FRAME, b"\0")
            del self.speech[:FRAME]
            while self.keys:
                hear(KeyPressed(self.keys.pop()))
            hear(Frame(frame))
            beat()

        self.metronome.join(tick)
        try:
            await self.gone.wait()
        finally:
            self.metronome.leave(tick)

    def send(self, frame: bytes) -> None:
        self.heard.append(frame)

    def flush(self) -> None:
        pass

    async def close(self, then: Next) -> None:
        self.closed = then

    def loud(self, since: int) -> int:
        """How many frames with sound went to the caller since then."""
        return sum(bool(np.abs(from_bytes(frame)).max() > 500) for frame in self.heard[since:])


@dataclass
class Office:
    """A desk of one agent, ``li``."""

    who: Handler = Handler.BOT
    events: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)
    said: list[tuple[str, str]] = field(default_factory=list)
    spoken: list[Spoken] = field(default_factory=list)
    asked: int = 0

    @asynccontextmanager
    async def changes(self, session: str) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        async def told() -> AsyncIterator[dict[str, Any]]:
            while True:
                yield await self.events.get()

        yield told()

    async def handler(self, session: str) -> Handler | None:
        return self.who

    async def talkers(self, session: str) -> frozenset[str]:
        return frozenset({"li"})

    async def ask(self, session: str) -> None:
        self.asked += 1

    async def say(self, session: str, agent: str, text: str, spoken: Spoken) -> None:
        self.said.append((agent, text))
        self.spoken.append(spoken)

    def give(self, who: Handler) -> None:
        self.who = who
        self.events.put_nowait({"type": "handoff"})


class Tape:
    """A recording that stays in memory."""

    def __init__(self) -> None:
        self.law = bytearray()
        self.said: list[Said] = []
        self.over = ""

    @property
    def seconds(self) -> float:
        return len(self.law) / 2 / RATE

    def sound(self, law: bytes) -> None:
        assert not self.over
        self.law += law

    def words(self, said: Said) -> None:
        self.said.append(said)

    def close(self) -> None:
        self.over = self.over or "closed"

    def discard(self) -> None:
        self.over = "discarded"


@asynccontextmanager
async def held(
    talk: Talk,
    office: Office,
    *,
    stays: bool = True,
    tape: Tape | None = None,
    words: tuple[str, ...] = ("人工", "在吗"),
) -> AsyncIterator[tuple[Phone, Switchboard, asyncio.Task[None]]]:
    phone, lines = Phone(), Lines(2)
    service = Service(talk, Words(words), Beep(), now, record=lambda _: tape)
    board = Switchboard(lines, service, office)
    line = lines.take(lines.announce(None, 0.0, "call", stays=stays), 0.0)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        call = group.create_task(board.hold(line, phone))
        yield phone, board, call
        phone.gone.set()


async def until(condition: Any) -> None:
    while not condition():
        await asyncio.sleep(0.02)


async def test_from_the_machine_to_a_person_and_back() -> None:
    talk, office, tape = Talk(), Office(), Tape()
    async with held(talk, office, tape=tape) as (phone, board, call):
        await until(lambda: phone.loud(0) > 5)
        phone.keys.append("0")
        await until(lambda: [u.text for u in talk.heard] == ["人工"])
        await asyncio.sleep(0.8)
        assert not call.done()  # the line stays while the caller waits
        office.give(Handler.AGENT)
        people = await board.talk("call")
        after = len(phone.heard)
        heard: list[bytes | None] = []
        with people.member("li", heard.append, listens=False):
            phone.speech += to_bytes(say("在吗"))
            await until(lambda: len(talk.heard) == 2)
            assert phone.loud(after) == 0  # nobody of us spoke
            assert sum(bool(np.abs(from_bytes(f)).max() > 500) for f in heard if f) > 10
            voice = to_bytes(say("您好"))
            for place in range(0, len(voice), FRAME):
                people.hear("li", voice[place : place + FRAME])
                await asyncio.sleep(0.02)
            for _ in range(60):
                people.hear("li", bytes(FRAME))
                await asyncio.sleep(0.02)
            await until(lambda: office.said)
            assert phone.loud(after) > 5
            assert office.said[0][0] == "li"
            assert 0.2 < office.spoken[0].seconds < 2
            office.give(Handler.BOT)
            await until(lambda: heard[-1] is None)
        back = len(phone.heard)
        await until(lambda: phone.loud(back) > 5)  # the machine again
        assert len({u.id for u in talk.heard}) == 2
        assert not tape.over
    assert tape.over == "closed"
    assert abs(tape.seconds - len(phone.heard) * FRAME_SECONDS) < 1.0
    spoken = [said for said in tape.said if said.speaker != "bot"]
    assert [(said.speaker, said.text) for said in spoken] == [("caller", "人工"), ("agent", "在吗")]
    assert 0 < spoken[0].at < spoken[1].at < tape.seconds
    told = [said.text for said in tape.said if said.speaker == "bot"]
    assert sum("录音" in text for text in told) == 1  # only at the beginning


async def test_who_tells_a_person_not_to_record_is_not_recorded() -> None:
    office, tape = Office(Handler.AGENT), Tape()
    async with held(Talk(), office, tape=tape, words=("不要录音",)) as (phone, board, _):
        await board.talk("call")
        phone.speech += to_bytes(say("不要录音"))
        await until(lambda: tape.over == "discarded")
        office.give(Handler.BOT)
        after = len(phone.heard)
        await until(lambda: phone.loud(after) > 5)  # the machine does not begin again
    assert tape.over == "discarded"


async def test_the_machine_falls_silent_the_moment_an_agent_accepts() -> None:
    office = Office()
    async with held(Talk(), office) as (phone, board, _):
        await until(lambda: phone.loud(0) > 2)  # in the middle of a sentence
        office.give(Handler.AGENT)
        await board.talk("call")
        after = len(phone.heard)
        await asyncio.sleep(0.5)
        assert phone.loud(after) == 0


async def test_on_a_line_that_goes_to_a_telephone_it_leaves_at_once() -> None:
    office = Office()
    async with held(Talk(), office, stays=False) as (phone, _, call):
        await until(lambda: phone.loud(0) > 2)
        office.give(Handler.AGENT)
        await until(call.done)
        assert phone.closed is Next.AGENT


async def test_a_machine_that_fails_asks_for_a_person_and_stays() -> None:
    office = Office()
    async with held(Talk(breaks=True), office) as (phone, board, call):
        await until(lambda: phone.loud(0) > 5)  # an apology
        phone.keys.append("0")
        await until(lambda: office.asked == 1)
        office.give(Handler.AGENT)
        await board.talk("call")
        assert not call.done()


async def test_who_may_no_longer_speak_is_off_the_line() -> None:
    office = Office(Handler.AGENT)
    async with held(Talk(), office) as (_, board, _):
        people = await board.talk("call")
        heard: list[bytes | None] = []
        listened: list[bytes | None] = []
        with people.member("wang", heard.append, listens=False):
            with people.member("wu", listened.append, listens=True):
                await until(lambda: len(listened) > 3)
                office.give(Handler.AGENT)
                await until(lambda: None in heard)
                assert None not in listened


async def test_hanging_up_while_talking_ends_it() -> None:
    office, talk = Office(Handler.AGENT), Talk()
    async with held(talk, office) as (phone, board, call):
        people = await board.talk("call")
        heard: list[bytes | None] = []
        with people.member("li", heard.append, listens=False):
            phone.gone.set()
            await until(call.done)
        assert heard[-1] is None
        assert phone.closed is Next.HANG_UP
