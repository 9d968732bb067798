"""The application's addresses: described, guarded, measured."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families

from bot.application import create_app, description
from bot.channels.phone import add_calls
from bot.channels.pictures import add_pictures
from bot.channels.wechat.callback import Callback
from bot.channels.wechat.routes import add_wechat
from bot.clock import now
from bot.console.parts import open_console
from bot.console.routes import add_console
from bot.exchange import add_exchange, open_exchange
from bot.health import Health
from bot.live import Live
from bot.recordings import Recordings
from tests.bot.channels.fakes import fake_chat

CSP = "Content-Security-Policy"


async def broken() -> None:
    return None


async def fine() -> dict:
    return {"model": "m"}


@pytest.fixture
async def client(live: Live) -> AsyncIterator[TestClient]:
    async def count() -> None:
        return None

    health = Health({"redis": fine, "rasa": broken}, now)
    async with TestClient(TestServer(create_app(fake_chat(live), health, count))) as opened:
        yield opened


def canonical(route) -> str:
    return route.resource.canonical.replace(r":\d+}", "}")


def test_every_address_is_described(live: Live, tmp_path: Path) -> None:
    async def count() -> None:
        return None

    app = create_app(fake_chat(live), Health({}, now), count)
    add_console(app, open_console(None, None, live, now), Recordings(tmp_path, b"key"))
    add_pictures(app, None, fake_chat(live))
    add_calls(app, None, "", live)
    add_exchange(app, open_exchange(None, "", "", now))
    add_wechat(app, Callback({}, None, live, b"", now), object())
    served = {
        (route.method.lower(), canonical(route))
        for route in app.router.routes()
        if route.resource is not None
        and route.method not in ("HEAD", "*")
        and not route.resource.canonical.startswith("/static/")
    }
    described = {
        (method, path) for path, methods in description()["paths"].items() for method in methods
    }
    assert served == described


async def test_health_says_what_is_degraded(client: TestClient) -> None:
    async with client.get("/health") as response:
        assert response.status == 200
        report = await response.json()
    assert report["status"] == "degraded"
    assert report["degraded"] == ["rasa"]
    assert report["parts"]["redis"] == {"ok": True, "model": "m"}


async def test_metrics_are_readable(client: TestClient) -> None:
    async with client.get("/metrics") as response:
        text = await response.text()
    names = {family.name for family in text_string_to_metric_families(text)}
    assert {
        "hotline_turns",
        "hotline_stage_seconds",
        "hotline_tickets",
        "hotline_transfer_breaches",
        "hotline_handoffs",
        "hotline_fallbacks",
        "hotline_healthy",
    } <= names


@pytest.mark.parametrize("path", ["/", "/health", "/static/chat/js/chat.js", "/nothing"])
async def test_every_answer_is_guarded(client: TestClient, path: str) -> None:
    async with client.get(path) as response:
        policy = response.headers[CSP]
        assert "'unsafe-inline'" not in policy
        assert "default-src 'none'" in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_page_has_no_inline_script(client: TestClient) -> None:
    async with client.get("/") as response:
        text = await response.text()
    assert "<script>" not in text
    assert "{{" not in text
    assert " onclick=" not in text


@pytest.mark.parametrize("path", ["/static/chat/../../gateway.py", "/static/chat/%2e%2e/frames.py"])
async def test_files_outside_the_page_are_not_served(client: TestClient, path: str) -> None:
    async with client.get(path) as response:
        assert response.status in (403, 404)


async def test_an_unknown_api_address_answers_json(client: TestClient) -> None:
    async with client.get("/api/nothing") as response:
        assert response.status == 404
        assert (await response.json())["error"]["code"] == "not_found"
