"""A real Chromium against a gateway in this process, with a wav for a microphone."""

import wave
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page

from bot.application import create_app
from bot.channels.chat import Chat
from bot.clock import now
from bot.health import Health
from bot.live import Live
from tests.bot.channels.fakes import fake_chat
from tests.bot.console.house import PASSWORD, House, open_house
from tests.browser.axe import violations
from tests.chromium import DESKTOP, PHONE, chromium

ARTEFACTS = Path(__file__).parents[2] / "artefacts"

OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture
def chat(live: Live) -> Chat:
    """The chat behind the page."""
    return fake_chat(live)


@pytest.fixture
async def server(chat: Chat) -> AsyncIterator[TestServer]:
    """The gateway on a port of its own."""

    async def count() -> None:
        return None

    app: web.Application = create_app(chat, Health({}, now), count)
    async with TestServer(app) as started:
        yield started


@pytest.fixture
async def house(tmp_path: Path, live: Live) -> AsyncIterator[House]:
    """A gateway over real records, with a desk."""
    async with open_house(tmp_path, live) as opened:
        yield opened


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Browser]:
    """Chromium whose microphone hears two seconds of a tone."""
    sound = tmp_path / "microphone.wav"
    with wave.open(str(sound), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(b"".join((b"\x00\x20" * 20 + b"\x00\xe0" * 20) for _ in range(800)))
    async with chromium(sound) as launched:
        yield launched


@pytest.fixture
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Opens addresses, each with cookies of its own; an error in a page's scripts fails."""
    wrong: list[str] = []
    async with AsyncExitStack() as stack:

        async def opened(server: TestServer, path: str = "/", size: object = PHONE) -> Page:
            context = await browser.new_context(viewport=size, locale="zh-CN")
            stack.push_async_callback(context.close)
            page = await context.new_page()
            page.on("pageerror", lambda error: wrong.append(str(error)))
            await page.goto(str(server.make_url(path)))
            return page

        yield opened
    assert wrong == []


@pytest.fixture
async def page(open_page: OpenPage, server: TestServer) -> Page:
    """A phone's page on the chat."""
    return await open_page(server)


async def signed_in(open_page: OpenPage, house: House, login: str, role: str = "agent") -> Page:
    """The desk's page of a new agent."""
    await house.hire(login, role)
    page = await open_page(house.server, "/desk", DESKTOP)
    await page.fill("#login [name=login]", login)
    await page.fill("#login [name=password]", PASSWORD)
    await page.click("#login button")
    await page.wait_for_selector("#callers:not([hidden])")
    return page


async def shot(page: Page, name: str, *, check: bool = False) -> None:
    """Keep pictures of the page, light and dark, among the test artefacts. With ``check`` axe
    finds nothing serious or critical in either."""
    ARTEFACTS.mkdir(exist_ok=True)
    for scheme, path in (("dark", f"{name}-dark.png"), ("light", f"{name}.png")):
        await page.emulate_media(color_scheme=scheme)
        await page.screenshot(path=ARTEFACTS / path, animations="disabled")
        if check:
            assert await violations(page) == [], (name, scheme)


async def checked_shot(page: Page, name: str) -> None:
    """Pictures of a page, and axe."""
    await shot(page, name, check=True)
