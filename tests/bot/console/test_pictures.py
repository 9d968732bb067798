"""Pictures in a conversation: shown to both sides, refused when they are none."""

import io

import aiohttp
import pytest

from tests.bot.console.conftest import taken
from tests.pictures import PNG


def body(data):
    form = aiohttp.FormData()
    form.add_field("file", io.BytesIO(data), filename="a.png", content_type="image/png")
    return form


async def sent(caller, seat, data, token=None):
    headers = {"Authorization": f"Bearer {token or caller.token}"}
    async with seat.client.post("/api/chat/pictures", data=body(data), headers=headers) as answer:
        return answer.status, await answer.json()


async def test_a_callers_picture_reaches_the_agent_and_back(make_seat, caller):
    seat, other = await make_seat("li"), await make_seat("wang")
    await taken(seat)
    status, kept = await sent(caller, seat, PNG)
    assert status == 201
    assert (await caller.until("turn"))["card"] == {"kind": "picture", "picture": kept["picture"]}
    path = f"/api/desk/sessions/{caller.session}/pictures"
    async with seat.client.get(f"{path}/{kept['picture']}") as answer:
        assert (answer.status, answer.content_type) == (200, "image/png")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert await answer.read() == PNG
    async with other.client.get(f"{path}/{kept['picture']}") as answer:
        assert answer.status == 403
    headers = {"X-CSRF-Token": seat.csrf}
    async with seat.client.post(path, data=body(PNG), headers=headers) as answer:
        assert answer.status == 201
    assert (await caller.until("turn"))["speaker"] == "agent"
    headers = {"X-CSRF-Token": other.csrf}
    async with other.client.post(path, data=body(PNG), headers=headers) as answer:
        assert answer.status == 403


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"MZ\x90\x00" + bytes(100), "picture_unreadable"),
        (b"<svg onload=alert(1)>", "picture_unreadable"),
        (b"", "picture_unreadable"),
        (PNG[: len(PNG) // 2], "picture_unreadable"),
        (PNG + bytes(20 * 1024 * 1024), "picture_too_big"),
    ],
    ids=["program", "markup", "empty", "cut off", "20 MB"],
)
async def test_what_is_no_picture_is_refused(house, make_seat, caller, data, code):
    seat = await make_seat()
    status, told = await sent(caller, seat, data)
    assert (status, told["error"]["code"]) == (400, code)
    assert (await house.turns(caller.session))[-1][0] == "bot"


async def test_a_forged_session_gets_nothing(make_seat, caller):
    seat = await make_seat()
    status, told = await sent(caller, seat, PNG, token="web-" + "0" * 32 + ".1." + "0" * 64)
    assert (status, told["error"]["code"]) == (400, "session_forged")
    _, kept = await sent(caller, seat, PNG)
    stranger = await make_seat(role=None)
    path = f"/api/chat/pictures/{kept['picture']}"
    async with stranger.client.get(path) as answer:
        assert answer.status == 400
