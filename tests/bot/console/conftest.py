"""A house, and agents at its desk."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiohttp import CookieJar
from aiohttp.test_utils import TestClient

from bot.live import Live
from tests.bot.channels.test_web import Page
from tests.bot.console.house import House, Seat, open_house

MakeSeat = Callable[..., Awaitable[Seat]]


@pytest.fixture
async def house(tmp_path: Path, live: Live) -> AsyncIterator[House]:
    """A gateway in front of real records."""
    async with open_house(tmp_path, live) as opened:
        yield opened


@pytest.fixture
async def make_seat(house: House) -> AsyncIterator[MakeSeat]:
    """Makes a client with cookies of its own; hired and signed in when given a role."""
    async with AsyncExitStack() as stack:

        async def made(login: str = "li", role: str | None = "agent") -> Seat:
            client = TestClient(house.server, cookie_jar=CookieJar(unsafe=True))
            stack.push_async_callback(client.session.close)
            seat = Seat(client)
            if role is not None:
                await house.hire(login, role)
                assert await seat.sign_in(login) == 200
            return seat

        yield made


@pytest.fixture
async def caller(make_seat: MakeSeat) -> Page:
    """A caller who has asked for a person, on the chat's WebSocket."""
    return await caller_waits(make_seat)


async def caller_waits(make_seat: MakeSeat) -> Page:
    """One more caller in the queue; ``session`` is theirs."""
    page = await Page.open((await make_seat(role=None)).client)
    await page.say("人工")
    await page.until("done")
    page.session = page.token.split(".")[0]
    return page


async def taken(seat: Seat) -> str:
    """The seat takes who waits first; the address of the handoff."""
    handoff = (await seat.get("handoffs"))[1]["waiting"][0]
    path = f"handoffs/{handoff['id']}"
    assert (await seat.post(f"{path}/accept", {}))[0] == 200
    return path
