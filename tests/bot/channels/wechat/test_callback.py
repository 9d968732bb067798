"""What the callback takes, and what it refuses: nothing refused has any effect."""

import asyncio
import gzip
from datetime import timedelta

import aiohttp
import pytest

from bot.channels.wechat import envelope
from tests.bot.channels.wechat.conftest import ACCOUNT, World, on_both, plain
from tests.wechat_server import AES_KEY, APP_ID, TOKEN, signed, written

ME = "oAbC_1234567890123456789012"


def text(world: World, said: str = "一") -> dict[str, object]:
    return world.pusher.around(
        ME, {"MsgType": "text", "Content": said, "MsgId": world.platform.number()}
    )


async def count(world: World) -> int:
    async with world.store.read() as records:
        return sum((await records.inbox.counted()).values())


both_modes = pytest.mark.parametrize("account", [ACCOUNT, plain], ids=["aes", "plain"])
open_mode = pytest.mark.parametrize("account", [plain], ids=["plain"])


@both_modes
@pytest.mark.parametrize("as_json", [False, True])
async def test_a_push_is_acknowledged_and_kept(world: World, as_json: bool) -> None:
    world.pusher.as_json = as_json
    assert await world.pusher.say(ME, "车陂路 & <b>") == [200]
    await world.postman.work()
    assert world.parrot.asked[0].text == "车陂路 & <b>"


@pytest.mark.parametrize("name", ["signature", "msg_signature", "timestamp", "nonce"])
async def test_a_wrong_proof(world: World, name: str) -> None:
    query, body = world.pusher.request(text(world))
    for wrong in ("", "0" * 40, "路"):
        assert await world.pusher.attempt(query | {name: wrong}, body) == 403
    del query[name]
    assert await world.pusher.attempt(query, body) == 403
    assert await count(world) == 0


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24 * 365])
async def test_an_old_or_future_time(world: World, minutes: int) -> None:
    query, body = world.pusher.request(text(world))
    world.time.moved += timedelta(minutes=minutes)
    assert await world.pusher.attempt(query, body) == 403
    assert await count(world) == 0


@on_both
async def test_a_signature_used_again_for_another_push(world: World) -> None:
    query, body = world.pusher.request(text(world, "一"))
    assert await world.pusher.attempt(query, body) == 200
    other_query, other_body = world.pusher.request(text(world, "二"))
    again = other_query | {k: query[k] for k in ("signature", "timestamp", "nonce")}
    sealed = other_body.decode().split("<Encrypt>")[1].split("</Encrypt>")[0]
    again["msg_signature"] = signed(TOKEN, query["timestamp"], query["nonce"], sealed)
    assert await world.pusher.attempt(again, other_body) == 403
    assert await count(world) == 1


@on_both
async def test_the_same_request_again_has_no_effect(world: World) -> None:
    query, body = world.pusher.request(text(world))
    statuses = [await world.pusher.attempt(query, body) for _ in range(3)]
    await world.postman.work()
    assert statuses == [200, 200, 200]
    assert await count(world) == 1
    assert len(world.parrot.asked) == 1


async def test_a_push_that_is_not_encrypted(world: World) -> None:
    query, _ = world.pusher.request(text(world))
    body = written(text(world), False)
    assert await world.pusher.attempt(query, body) == 403
    del query["encrypt_type"]
    assert await world.pusher.attempt(query, body) == 403
    assert await count(world) == 0


async def test_a_ciphertext_for_another_account(world: World) -> None:
    for app_id, cut in ((APP_ID[:-1] + "x", None), (APP_ID, -8), (APP_ID, -64)):
        query, _ = world.pusher.request(text(world))
        inner = written(text(world), False)
        sealed = envelope.encrypted(inner, AES_KEY, app_id)[:cut]
        parts = (TOKEN, query["timestamp"], query["nonce"], sealed)
        body = written({"Encrypt": sealed}, False)
        status = await world.pusher.attempt(query | {"msg_signature": signed(*parts)}, body)
        assert status == 403
    assert await count(world) == 0


async def test_an_account_that_is_not_there(world: World) -> None:
    query, body = world.pusher.request(text(world))
    async with world.pusher.http.post(
        str(world.client.make_url("/wechat/official")), params=query, data=body
    ) as answer:
        assert (answer.status, await answer.text()) == (404, "")


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "'
    + "a" * 100
    + '">'
    + "".join(f'<!ENTITY {c} "{f"&{p};" * 10}">' for p, c in zip("abcdefg", "bcdefgh", strict=True))
    + "]><xml><FromUserName>o</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType>"
    "<MsgId>1</MsgId><Content>&h;</Content></xml>"
)
OUTSIDE = (
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><FromUserName>o</FromUserName>'
    "<CreateTime>1</CreateTime><MsgType>text</MsgType><MsgId>1</MsgId><Content>&e;</Content></xml>"
)
MALFORMED = [
    BOMB.encode(),
    OUTSIDE.encode(),
    b"",
    b"<xml>",
    b"<xml><a></xml>",
    b"[1, 2]",
    b"[" * 60_000,
    b"\x00\xff\xfe",
    b'{"FromUserName": "o"}',
    b'{"FromUserName": "o", "CreateTime": "x", "MsgType": "text"}',
    b'{"FromUserName": "o", "CreateTime": 1, "MsgType": "text", "MsgId": "x"}',
    b'{"FromUserName": "' + b"o" * 65 + b'", "CreateTime": 1, "MsgType": "text", "MsgId": 1}',
    b'{"Encrypt": "x", "Content": "' + b"a" * (64 * 1024) + b'"}',
]


@open_mode
@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
async def test_a_body_that_is_not_one(world: World, body: bytes) -> None:
    query, _ = world.pusher.request(text(world))
    async with world.pusher.http.post(world.pusher.address, params=query, data=body) as answer:
        assert (answer.status, await answer.text()) == (403, "")
    assert await count(world) == 0


@open_mode
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "identity, gzip"])
async def test_a_decompression_bomb(world: World, encoding: str) -> None:
    query, _ = world.pusher.request(text(world))
    body = gzip.compress(b"<xml>" + b" " * (64 * 1024 * 1024), 1)
    headers = {"Content-Encoding": encoding, "Content-Type": "text/xml"}
    try:
        async with world.pusher.http.post(
            world.pusher.address, params=query, data=body, headers=headers
        ) as answer:
            assert answer.status in (400, 403)
    except aiohttp.ClientError:
        pass  # the connection was cut: refused too
    assert await count(world) == 0


async def test_what_nobody_waits_for_is_acknowledged_and_left(world: World) -> None:
    strange = {"MsgType": "event", "Event": "debug_demo"}
    assert await world.pusher.push(world.pusher.around(ME, strange)) == [200]
    assert await world.pusher.push(world.pusher.around(ME, {"MsgType": "hologram"})) == [200]
    assert await count(world) == 0


async def test_the_address_is_proved_once(world: World) -> None:
    stamp = str(int(world.time.seconds()))
    query = {"timestamp": stamp, "nonce": "n1", "echostr": "4375120948345356249"}
    query["signature"] = signed(TOKEN, stamp, "n1")

    async def ask(**changed: str) -> tuple[int, str]:
        async with world.pusher.http.get(world.pusher.address, params=query | changed) as answer:
            return answer.status, await answer.text()

    assert await ask(signature="0" * 40) == (403, "")
    assert await ask(echostr="<script>") == (403, "")
    assert await ask() == (200, "4375120948345356249")
    assert await ask() == (403, "")


async def test_a_database_that_is_away_makes_wechat_try_again(world: World) -> None:
    await world.store.close()

    async def broken(batch: object) -> list[bool]:
        await asyncio.sleep(0)
        raise TimeoutError

    world.callback._writing._write = broken  # type: ignore[assignment]
    assert await world.pusher.say(ME, "一") == [503] * 4
