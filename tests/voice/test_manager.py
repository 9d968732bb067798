"""The order to call a number, given to something that speaks as Asterisk's manager does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.harness import free_port
from bot.rules.errors import Rejected, Unavailable
from voice.manager import Manager


@asynccontextmanager
async def asterisk(*answers: str) -> AsyncIterator[tuple[str, list[str]]]:
    """One that gives ``answers``, a block for each order and then the rest; what it was told."""
    told: list[str] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"Asterisk Call Manager/9.0\r\n")
        for index, answer in enumerate(answers):
            if index < 2:
                told.append((await reader.readuntil(b"\r\n\r\n")).decode())
            writer.write(answer.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}", told
    server.close()


WELCOME = "Response: Success\nMessage: Authentication accepted"
QUEUED = "Response: Success\nActionID: c1"
OTHER = "Event: OriginateResponse\nActionID: c9\nResponse: Failure"


@pytest.mark.parametrize(("answer", "answered"), [("Success", True), ("Failure", False)])
async def test_whether_somebody_answered(answer: str, answered: bool) -> None:
    mine = f"Event: OriginateResponse\nActionID: c1\nResponse: {answer}\nReason: 4"
    async with asterisk(WELCOME, QUEUED, OTHER, mine) as (address, told):
        assert await Manager(address, "s3cret").call("13800138000", "c1") is answered
    login, order = told
    assert "Secret: s3cret\r\n" in login
    assert "Channel: PJSIP/13800138000@trunk\r\n" in order
    assert "Variable: CALLUUID=c1\r\n" in order


@pytest.mark.parametrize(
    "answers",
    [
        ("Response: Error\nMessage: Authentication failed",),
        (WELCOME, "Response: Error\nActionID: c1\nMessage: Permission denied"),
        (WELCOME,),
    ],
    ids=["not known", "not allowed", "gone"],
)
async def test_one_that_does_not_obey_is_away(answers: tuple[str, ...]) -> None:
    async with asterisk(*answers) as (address, _):
        with pytest.raises(Unavailable):
            await Manager(address, "x").call("13800138000", "c1")


async def test_none_at_all_is_away() -> None:
    with pytest.raises(Unavailable):
        await Manager(f"127.0.0.1:{free_port()}", "x").call("13800138000", "c1")


@pytest.mark.parametrize("number", ["", "1380013800a", "1\r\nAction: Command", "1" * 21, "一二三"])
async def test_what_is_no_number_is_not_called(number: str) -> None:
    with pytest.raises(Rejected):
        await Manager("127.0.0.1:1", "x").call(number, "c1")
