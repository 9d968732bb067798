"""The gateway as its settings wire it."""

from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from pydantic import ValidationError

from bot.gateway import application
from bot.settings import Settings


@pytest.mark.parametrize("issuer", ["", "http://127.0.0.1:9"])
async def test_an_issuer_is_offered_where_there_is_one(
    tmp_path: Path, redis_url: str, issuer: str
) -> None:
    settings = Settings(data=tmp_path, redis_url=redis_url, oidc_issuer=issuer)
    async with application(settings) as app, TestClient(TestServer(app)) as client:
        async with client.get("/api/desk/ways") as answer:
            assert await answer.json() == {"oidc": bool(issuer)}
        async with client.get("/api/desk/oidc", allow_redirects=False) as answer:
            assert answer.status == (503 if issuer else 404)


@pytest.mark.parametrize("issuer", ["http://issuer.example", "issuer.example", "ftp://127.0.0.1"])
def test_an_issuer_is_reached_safely(issuer: str) -> None:
    with pytest.raises(ValidationError, match="https"):
        Settings(oidc_issuer=issuer)
