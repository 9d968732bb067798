"""A gateway on fakes, and a page's side of its WebSocket."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.application import create_app
from bot.channels.chat import Chat
from bot.clock import now
from bot.health import Health
from bot.live import Live
from tests.bot.channels.fakes import fake_chat


@pytest.fixture
def chat(live: Live) -> Chat:
    """The chat behind the gateway."""
    return fake_chat(live)


@pytest.fixture
async def client(chat: Chat) -> AsyncIterator[TestClient]:
    """An HTTP client of a running gateway."""

    async def count() -> None:
        return None

    app = create_app(chat, Health({}, now), count)
    async with TestClient(TestServer(app)) as opened:
        yield opened
