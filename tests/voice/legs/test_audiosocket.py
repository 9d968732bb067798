"""AudioSocket: the protocol, and real connections to a switchboard."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import numpy as np
import pytest
import uvloop
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import now
from bot.rules.errors import Rejected
from bot.rules.session import Next
from tests.voice.fakes import Beep, Talk, Words
from tests.voice.speaking import say, silence
from voice.audio import Samples, from_bytes, resample, to_bytes
from voice.legs import audiosocket
from voice.legs.audiosocket import HANG_UP, IDENTITY, KEY, MOST_BYTES, Parser, pack
from voice.lines import Lines
from voice.service import Service
from voice.switchboard import Switchboard

FRAMES = st.lists(
    st.tuples(st.sampled_from([0x00, 0x03, 0x10, 0x12, 0xFF]), st.binary(max_size=700)),
    max_size=20,
)


@given(FRAMES, st.lists(st.integers(1, 400), min_size=1, max_size=30))
def test_any_cut_of_the_stream_gives_the_same_frames(
    frames: list[tuple[int, bytes]], cuts: list[int]
) -> None:
    stream = b"".join(pack(kind, payload) for kind, payload in frames)
    parser, found, at = Parser(), [], 0
    while at < len(stream):
        size = cuts[at % len(cuts)]
        found += parser.feed(stream[at : at + size])
        at += size
    assert found == frames


@given(st.binary(max_size=2000))
def test_nonsense_is_refused_or_waits_for_more(data: bytes) -> None:
    parser = Parser()
    with suppress(Rejected):
        parser.feed(data)
        assert len(parser._data) <= MOST_BYTES + 3


@pytest.mark.parametrize(
    "data",
    [b"\x10\xff\xff", b"\x99\x00\x01x", b"\x01\x00\x04abcd", b"GET / HTTP/1.1\r\n"],
)
def test_a_huge_length_an_unknown_kind_a_short_identity(data: bytes) -> None:
    with pytest.raises(Rejected):
        Parser().feed(data)


@dataclass
class Exchange:
    """A switchboard on a free port, and a caller's side."""

    lines: Lines
    talk: Talk
    port: int = 0

    async def dial(
        self, call: str | None = None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        if call is not None:
            writer.write(pack(IDENTITY, uuid.UUID(call).bytes))
        return reader, writer


@asynccontextmanager
async def opened() -> AsyncIterator[Exchange]:
    made = Exchange(Lines(10), Talk())
    board = Switchboard(made.lines, Service(made.talk, Words(), Beep(), now))
    server = await board.listen("127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()


@pytest.fixture
async def exchange() -> AsyncIterator[Exchange]:
    async with opened() as made:
        yield made


def announce(exchange: Exchange) -> str:
    return exchange.lines.announce("13800138000", time.monotonic())


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.01)


async def closed(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the other side closes."""
    data = b""
    async with asyncio.timeout(60):
        try:
            while more := await reader.read(4096):
                data += more
        except ConnectionError:
            pass
    return data


async def speak(writer: asyncio.StreamWriter, sound: Samples, size: int = 320) -> None:
    """In real time, in frames of ``size`` bytes."""
    data = to_bytes(resample(sound, 16_000, 8000))
    for at in range(0, len(data), size):
        writer.write(pack(0x10, data[at : at + size]))
        await asyncio.sleep(size / 16_000)


async def test_a_call_with_frames_of_30_ms_and_a_key(exchange: Exchange) -> None:
    sound = np.concatenate([silence(0.7), say("楼下半夜施工"), silence(1.3)])
    call = announce(exchange)
    reader, writer = await exchange.dial(call)
    listening = asyncio.ensure_future(closed(reader))
    await speak(writer, sound, 480)
    await until(lambda: len(exchange.talk.heard) == 1)
    assert exchange.talk.heard[0].text == "楼下半夜施工"
    assert exchange.talk.heard[0].caller == "13800138000"
    writer.write(pack(KEY, b"0"))
    data = await listening
    assert exchange.talk.heard[-1].text == "人工"
    frames = Parser().feed(data)
    assert frames[-1] == (HANG_UP, b"")
    assert {len(payload) for kind, payload in frames if kind == 0x10} == {320}
    loud = [kind for kind, payload in frames if np.abs(from_bytes(payload)).max(initial=0) > 1000]
    assert 40 <= len(loud) <= 55  # three sentences of 0.3 s
    assert exchange.lines.then(call) is Next.AGENT
    writer.close()


async def test_unknown_and_repeated_calls_are_closed_at_once(exchange: Exchange) -> None:
    reader, writer = await exchange.dial(str(uuid.uuid4()))
    assert await closed(reader) == b""
    call = announce(exchange)
    first, writing = await exchange.dial(call)
    await first.readexactly(3)
    second, again = await exchange.dial(call)
    assert await closed(second) == b""
    for each in (writer, writing, again):
        each.close()
    await until(lambda: exchange.lines.active == 0)


@pytest.mark.parametrize(
    "nonsense", [b"\x10\xff\xff" + bytes(300), b"\x99\x00\x00", b"\x12\x02\x80" + bytes(640)]
)
async def test_nonsense_in_a_call_ends_it_and_no_other(exchange: Exchange, nonsense: bytes) -> None:
    good, bad = announce(exchange), announce(exchange)
    reader, writer = await exchange.dial(good)
    await reader.readexactly(323)
    broken, writing = await exchange.dial(bad)
    await broken.readexactly(323)
    writing.write(nonsense)
    await closed(broken)
    await until(lambda: exchange.lines.active == 1)
    await reader.readexactly(323 * 10)
    writer.close()
    writing.close()
    await until(lambda: exchange.lines.active == 0)


@pytest.mark.parametrize("head", [b"", b"\x01", pack(IDENTITY, bytes(15)), b"GET / HTTP/1.1\r\n"])
async def test_who_does_not_say_who_they_are_is_not_let_in(exchange: Exchange, head: bytes) -> None:
    reader, writer = await exchange.dial()
    writer.write(head)
    assert await closed(reader) == b""
    assert exchange.lines.active == 0
    writer.close()


async def test_a_line_without_any_sound_is_given_up(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audiosocket, "_IDLE_SECONDS", 0.3)
    call = announce(exchange)
    reader, writer = await exchange.dial(call)
    frames = Parser().feed(await closed(reader))
    assert 3 <= len(frames) <= 100  # something was sent all the while
    await until(lambda: exchange.lines.active == 0)
    writer.close()


async def test_half_a_frame_and_gone(exchange: Exchange) -> None:
    call = announce(exchange)
    reader, writer = await exchange.dial(call)
    await reader.readexactly(323)
    writer.write(pack(0x10, bytes(320))[:100])
    writer.close()
    await until(lambda: exchange.lines.active == 0)
    assert exchange.lines.then(call) is Next.HANG_UP


def test_the_loop_that_the_voice_process_runs_in() -> None:
    async def to_a_person() -> None:
        async with opened() as exchange:
            call = announce(exchange)
            reader, writer = await exchange.dial(call)
            await reader.readexactly(323 * 5)
            writer.write(pack(0x10, bytes(320)) + pack(KEY, b"0"))
            assert Parser().feed(await closed(reader))[-1] == (HANG_UP, b"")
            assert exchange.lines.then(call) is Next.AGENT
            writer.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(to_a_person())


async def test_the_memory_of_calls_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    monkeypatch.setattr("voice.switchboard.CALLS_A_TRIM", 2)
    monkeypatch.setattr("voice.switchboard.give_back", lambda: given.append(1))
    async with opened() as exchange:
        for calls in range(1, 5):
            _, writer = await exchange.dial(announce(exchange))
            await until(lambda: exchange.lines.active == 1)
            writer.write(pack(HANG_UP))
            await until(lambda: exchange.lines.active == 0)
            await until(lambda calls=calls: len(given) >= calls // 2)
            writer.close()
    assert len(given) == 2
