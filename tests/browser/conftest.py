"""A real Chromium against a gateway in this process, with a wav for a microphone."""

import os
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, async_playwright

from bot.application import create_app
from bot.channels.chat import Chat
from bot.clock import now
from bot.health import Health
from bot.live import Live
from tests.bot.channels.fakes import fake_chat

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1366, "height": 768}
ARTEFACTS = Path(__file__).parents[2] / "artefacts"


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
async def browser(tmp_path: Path) -> AsyncIterator[Browser]:
    """Chromium whose microphone hears two seconds of a tone."""
    sound = tmp_path / "microphone.wav"
    with wave.open(str(sound), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(b"".join((b"\x00\x20" * 20 + b"\x00\xe0" * 20) for _ in range(800)))
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                f"--use-file-for-fake-audio-capture={sound}",
                "--autoplay-policy=no-user-gesture-required",
            ],
        )
        yield launched
        await launched.close()


@pytest.fixture
async def page(browser: Browser, server: TestServer) -> AsyncIterator[Page]:
    """A phone's page on the chat; an error in its scripts fails the test."""
    opened = await browser.new_page(viewport=PHONE, locale="zh-CN")
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    await opened.goto(str(server.make_url("/")))
    yield opened
    await opened.close()
    assert wrong == []


async def shot(page: Page, name: str) -> None:
    """Keep a picture of the page among the test artefacts."""
    ARTEFACTS.mkdir(exist_ok=True)
    await page.screenshot(path=ARTEFACTS / f"{name}.png")
