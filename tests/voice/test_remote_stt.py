"""A recogniser elsewhere: our own transcription API on a port."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.rules.errors import Unavailable
from tests.voice.speaking import say, silence
from tests.voice.test_http import client, talk
from voice.audio import to_floats
from voice.remote_stt import RemoteRecognizer
from voice.stt import Guess

__all__ = ["client", "talk"]


@pytest.fixture
async def broken() -> AsyncIterator[TestServer]:
    """A server that answers what the path says."""

    async def answer(request: web.Request) -> web.Response:
        code = int(request.match_info["code"])
        return web.Response(text="no json", status=code)

    app = web.Application()
    app.router.add_post("/{code}/audio/transcriptions", answer)
    async with TestServer(app) as server:
        yield server


async def test_it_hears_what_the_server_hears(client) -> None:  # type: ignore[no-untyped-def]
    remote = RemoteRecognizer(str(client.make_url("/v1")), "any", "key")
    heard = await asyncio.to_thread(remote.transcribe, [to_floats(say("楼下半夜施工"))])
    assert heard == [Guess("楼下半夜施工", 0.9, 0.0)]


async def test_what_it_refuses_is_without_words(client) -> None:  # type: ignore[no-untyped-def]
    remote = RemoteRecognizer(str(client.make_url("/v1")), "any")
    heard = await asyncio.to_thread(remote.transcribe, [to_floats(silence(1))])
    assert heard[0].text == ""


@pytest.mark.parametrize("code", [200, 500, 503])
async def test_nonsense_and_trouble_are_unavailable(broken: TestServer, code: int) -> None:
    remote = RemoteRecognizer(str(broken.make_url(f"/{code}")), "any")
    with pytest.raises(Unavailable):
        await asyncio.to_thread(remote.transcribe, [to_floats(silence(1))])


async def test_nobody_there_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        await asyncio.to_thread(
            RemoteRecognizer("http://127.0.0.1:9/v1", "").transcribe, [to_floats(silence(1))]
        )
