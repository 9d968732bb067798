import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from bot.dialogue.client import WEBHOOK, Dialogue, read
from bot.rules.errors import Unavailable
from bot.rules.session import Button, Channel, Next, Status, Utterance
from tests.bot.conftest import MONDAY

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[[Handler], Awaitable[str]]
UTTERANCE = Utterance("u1", "s1", "路灯坏了", Channel.PHONE, MONDAY, caller="13800138000")


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    runners: list[web.AppRunner] = []

    async def started(handler: Handler) -> str:
        app = web.Application()
        app.router.add_post(WEBHOOK, handler)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        runners.append(runner)
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    yield started
    for runner in runners:
        await runner.cleanup()


async def ask(url: str, seconds: float = 5.0):
    dialogue = Dialogue(url, seconds=seconds)
    try:
        return await dialogue.ask(UTTERANCE)
    finally:
        await dialogue.close()


def test_marks_belong_to_the_text_before_them() -> None:
    said = read(
        [
            {"text": "答案", "buttons": [{"title": "是", "payload": "是的"}]},
            {"custom": {"outcome": "answered", "spoken": "短答案", "entry": "a01"}},
            {"text": "请问在哪里?"},
            {"custom": {"outcome": "asked", "asked": "place"}},
        ]
    )
    assert said.status is Status.ANSWERED
    assert said.replies[0].spoken == "短答案"
    assert said.replies[0].buttons == (Button("是", "是的"),)
    assert said.facts == {"entry": "a01", "asked": "place"}
    assert said.next is Next.LISTEN


async def test_the_call_carries_channel_and_caller(serve: Serve) -> None:
    calls = []

    async def rasa(request: web.Request) -> web.Response:
        calls.append(await request.json())
        return web.json_response({"messages": [{"text": "好", "custom": {"next": "hang_up"}}]})

    said = await ask(await serve(rasa))
    assert said.next is Next.HANG_UP
    assert calls == [
        {
            "sender": "s1",
            "text": "路灯坏了",
            "channel": "phone",
            "metadata": {"utterance": "u1", "caller": "13800138000"},
        }
    ]


@pytest.mark.parametrize(
    ("status", "body"), [(500, "{}"), (200, "not json"), (200, "[]"), (200, "{}")]
)
async def test_a_wrong_answer_is_unavailable(serve: Serve, status: int, body: str) -> None:
    async def rasa(_: web.Request) -> web.Response:
        return web.Response(status=status, text=body)

    with pytest.raises(Unavailable):
        await ask(await serve(rasa))


async def test_nobody_there_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        await ask("http://127.0.0.1:1")


async def test_too_slow_is_a_timeout(serve: Serve) -> None:
    async def rasa(_: web.Request) -> web.Response:
        await asyncio.sleep(30)
        return web.Response()

    with pytest.raises(TimeoutError):
        await ask(await serve(rasa), seconds=0.1)
