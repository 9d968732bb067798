import asyncio

import pytest
from aiohttp.test_utils import unused_port

from bot.dispatch import HttpDispatcher, LogDispatcher, Parcel, open_dispatcher
from bot.rules.errors import Rejected, Unavailable
from tests.dispatch_system import SECRET, dispatch_system

NUMBER = "GZ20261123000001"
PARCEL = Parcel(
    f"{NUMBER}/a1",
    "supplement",
    {
        "ticket_no": NUMBER,
        "command": "supplement",
        "lead_unit": "unit",
        "kind": "remark",
        "attachment": "a1",
        "mime": "text/plain",
        "text": "again",
        "at": "2026-11-23T09:00:00+08:00",
    },
)


@pytest.mark.parametrize(
    ("where", "secret", "field"),
    [
        ("", "s", "HOTLINE_DISPATCH"),
        ("ftp://dispatch", "s", "HOTLINE_DISPATCH"),
        ("https://dispatch", "", "HOTLINE_DISPATCH_SECRET"),
    ],
)
def test_a_wrong_setting_is_named(where: str, secret: str, field: str) -> None:
    with pytest.raises(Rejected) as refused:
        open_dispatcher(where, secret)
    assert refused.value.field == field


async def test_the_log_is_the_default_and_reaches_nobody() -> None:
    dispatcher = open_dispatcher("log", "")
    assert isinstance(dispatcher, LogDispatcher)
    await dispatcher.deliver(PARCEL)


async def test_each_answer_has_its_meaning() -> None:
    async with dispatch_system() as system:
        dispatcher = HttpDispatcher(system.url, SECRET)
        for status, error in ((200, None), (409, None), (400, Rejected), (401, Rejected)):
            system.script = [status]
            if error is None:
                await dispatcher.deliver(PARCEL)
            else:
                with pytest.raises(error):
                    await dispatcher.deliver(PARCEL)
        for status in (408, 425, 429, 500, 503):
            system.script = [status]
            with pytest.raises(Unavailable):
                await dispatcher.deliver(PARCEL)
        await dispatcher.close()
    assert system.acted[PARCEL.key]["letter"] == "supplement"


async def test_the_schema_that_is_published_is_held_to() -> None:
    async with dispatch_system() as system:
        dispatcher = HttpDispatcher(system.url, SECRET)
        with pytest.raises(Rejected):
            await dispatcher.deliver(Parcel("k", "transfer", {"ticket_no": NUMBER}))
        await dispatcher.close()
    assert system.acted == {}


async def test_a_wrong_secret_is_not_taken() -> None:
    async with dispatch_system() as system:
        dispatcher = HttpDispatcher(system.url, "guessed")
        with pytest.raises(Rejected):
            await dispatcher.deliver(PARCEL)
        await dispatcher.close()
    assert system.acted == {}


async def test_nobody_there_is_unavailable() -> None:
    dispatcher = HttpDispatcher(f"http://127.0.0.1:{unused_port()}/letters", SECRET)
    with pytest.raises(Unavailable):
        await dispatcher.deliver(PARCEL)
    await dispatcher.close()


async def test_a_silent_system_is_given_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.dispatch.DEADLINE_SECONDS", 0.05)
    async with dispatch_system() as system:
        system.seconds = 5
        dispatcher = HttpDispatcher(system.url, SECRET)
        async with asyncio.timeout(4):
            with pytest.raises(Unavailable):
                await dispatcher.deliver(PARCEL)
        await dispatcher.close()
