import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.desk import Desk
from bot.exchange import Exchange, add_exchange, open_exchange
from bot.guard import errors
from bot.rules.errors import Rejected
from bot.rules.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from bot.rules.ticket import TicketStatus
from bot.store import Store
from tests.bot.conftest import MONDAY
from tests.bot.desk.test_desk import LAMP, RUDE
from tests.pictures import PNG

SECRET = "shared"
UNIT = "天河区城市管理和综合执法局"
REPLY = {"reply": "已修复", "close_kind": "solved", "caller_told": True}
LIGHT = "市政设施/路灯"

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def client(desk: Desk) -> AsyncIterator[Client]:
    app = web.Application(middlewares=[errors])
    keys = {"k-311": "vendor"}
    add_exchange(app, Exchange(desk, SECRET, keys, lambda: MONDAY))
    async with TestClient(TestServer(app)) as one:
        yield one


async def send(client: Client, notice: dict[str, Any], **forged: Any) -> tuple[int, Any]:
    body = json.dumps(notice).encode()
    timestamp = int(MONDAY.timestamp()) + forged.get("late", 0)
    signature = sign(forged.get("secret", SECRET), timestamp, body)
    headers = {TIMESTAMP_HEADER: str(timestamp), SIGNATURE_HEADER: signature}
    body = forged.get("body", body)
    async with client.post("/api/dispatch/notices", data=body, headers=headers) as response:
        return response.status, await response.json()


async def opened(desk: Desk) -> str:
    return (await desk.open(LAMP, key="k", session_id="s1", by="bot", at=MONDAY)).ticket_no


def notice(number: str, event: str, notice_id: str = "n1", **facts: Any) -> dict[str, Any]:
    return {"id": notice_id, "ticket_no": number, "event": event, "unit": UNIT} | facts


async def test_notices_move_the_ticket_and_each_acts_once(client: Client, desk: Desk) -> None:
    number = await opened(desk)
    first = await send(client, notice(number, "signed"))
    assert first == (200, {"result": "done", "status": "signed", "version": 3})
    assert await send(client, notice(number, "signed")) == first
    assert (await desk.find(number)).version == 3


async def test_what_overtakes_itself_ends_where_it_should(client: Client, desk: Desk) -> None:
    number = await opened(desk)
    status, answer = await send(client, notice(number, "replied", "n3", **REPLY))
    assert (status, answer["status"]) == (200, "under_review")
    for late in ("signed", "started", "replied"):
        status, answer = await send(client, notice(number, late, f"late-{late}", **REPLY))
        assert (status, answer["result"]) == (200, "already")
    ticket = await desk.find(number)
    assert (ticket.status, ticket.version) == (TicketStatus.UNDER_REVIEW, 5)


async def test_a_refusal_is_told_kept_and_on_the_trail(
    client: Client, desk: Desk, store: Store
) -> None:
    number = await opened(desk)
    bare = notice(number, "replied", reply="", close_kind="solved", caller_told=True)
    status, answer = await send(client, bare)
    assert (status, answer) == (409, {"result": "refused", "code": "missing", "field": "reply"})
    assert await send(client, bare) == (status, answer)
    other = notice(number, "signed", "n2") | {"unit": "番禺区水务局"}
    assert (await send(client, other))[1]["code"] == "not_yours"
    assert (await desk.find(number)).version == 2
    async with store.read() as records:
        looks = await records.audit.of(number)
    assert [(look.action, look.facts["code"]) for look in looks] == [
        ("notice_refused", "not_yours"),
        ("notice_refused", "missing"),
    ]


@pytest.mark.parametrize(
    ("forged", "field"),
    [
        ({"secret": "guessed"}, SIGNATURE_HEADER),
        ({"late": -301}, TIMESTAMP_HEADER),
        ({"late": 301}, TIMESTAMP_HEADER),
        ({"body": b"{}"}, SIGNATURE_HEADER),
    ],
)
async def test_a_forged_or_replayed_notice_is_refused(
    client: Client, desk: Desk, forged: dict[str, Any], field: str
) -> None:
    number = await opened(desk)
    status, answer = await send(client, notice(number, "signed"), **forged)
    assert 400 <= status < 500
    assert field in json.dumps(answer)
    assert (await desk.find(number)).version == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": ""}, "id"),
        ({"ticket_no": 7}, "ticket_no"),
        ({"reason": "x" * 2001}, "reason"),
        ({"caller_told": "yes"}, "caller_told"),
        ({"surprise": 1}, "surprise"),
    ],
)
async def test_a_malformed_notice_names_its_field(
    client: Client, desk: Desk, change: dict[str, Any], field: str
) -> None:
    number = await opened(desk)
    status, answer = await send(client, notice(number, "signed") | change)
    assert 400 <= status < 500
    assert field in json.dumps(answer)


async def test_an_unknown_ticket_is_not_found(client: Client) -> None:
    assert (await send(client, notice("GZ20261123999999", "signed")))[0] == 404


async def ask(client: Client, path: str, **query: str) -> tuple[int, Any]:
    async with client.get(path, params=query) as response:
        return response.status, await response.json()


async def test_open311_lists_its_services(client: Client) -> None:
    status, services = await ask(client, "/open311/v2/services.json")
    assert status == 200
    lamp = next(one for one in services if one["service_code"] == LIGHT)
    assert (lamp["service_name"], lamp["group"], lamp["metadata"]) == ("路灯", "市政设施", False)


async def post(client: Client, key: str = "1", **form: str) -> tuple[int, Any]:
    said = {"api_key": "k-311", "service_code": LIGHT, "address_string": "棠下村口"} | form
    headers = {"Idempotency-Key": key}
    path = "/open311/v2/requests.json"
    async with client.post(path, data=said, headers=headers) as response:
        return response.status, await response.json()


async def test_open311_opens_one_ticket_a_key_and_shows_it(client: Client) -> None:
    said = {
        "description": "马路边的路灯不亮",
        "attribute[district]": "天河区",
        "phone": "13800138000",
    }
    status, created = await post(client, **said)
    assert status == 201
    number = created[0]["service_request_id"]
    assert (await post(client, **said))[1] == created
    status, shown = await ask(client, f"/open311/v2/requests/{number}.json", api_key="k-311")
    assert (status, shown[0]["status"], shown[0]["agency_responsible"]) == (200, "open", UNIT)
    assert "138" not in json.dumps(shown)
    status, listed = await ask(
        client, "/open311/v2/requests.json", api_key="k-311", status="open", service_code=LIGHT
    )
    assert [one["service_request_id"] for one in listed] == [number]
    assert (await ask(client, "/open311/v2/requests.json", api_key="k-311", status="closed"))[
        1
    ] == []


async def test_open311_does_not_tell_what_a_sealed_caller_said(client: Client, desk: Desk) -> None:
    _, created = await post(client, description="店主小陈的店噪音大")  # no name, no number
    number = created[0]["service_request_id"]
    _, shown = await ask(client, f"/open311/v2/requests/{number}.json", api_key="k-311")
    assert (shown[0]["description"], shown[0]["address"]) == ("", "")


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"api_key": "guessed"}, "api_key"),
        ({"service_code": "没有"}, "service_code"),
        ({"address_string": ""}, "address_string"),
        ({"description": ""}, "content"),
    ],
)
async def test_open311_refuses_by_field(client: Client, form: dict[str, str], field: str) -> None:
    status, answer = await post(client, **({"description": "灯不亮"} | form))
    assert 400 <= status < 500
    assert field in json.dumps(answer)


def test_keys_come_from_the_setting() -> None:
    opened = open_exchange(None, "", "vendor:abc, city-2:def:g", lambda: MONDAY)  # type: ignore[arg-type]
    assert opened.keys == {"abc": "vendor", "def:g": "city-2"}
    with pytest.raises(Rejected) as refused:
        open_exchange(None, "", "vendor", lambda: MONDAY)  # type: ignore[arg-type]
    assert refused.value.field == "HOTLINE_OPEN311_KEYS"


async def test_the_unit_fetches_a_picture_once_it_has_the_ticket(
    client: Client, desk: Desk, store: Store
) -> None:
    picture = await desk.add_picture("s2", PNG, at=MONDAY)
    ticket = await desk.open(RUDE, key="k2", session_id="s2", by="bot", at=MONDAY)
    path = f"/api/dispatch/tickets/{ticket.ticket_no}/pictures/{picture.id}"
    assert await fetched(client, path) == (404, "")
    await desk.transfer(ticket.ticket_no, UNIT, by="a", at=MONDAY)
    assert await fetched(client, path) == (200, "image/png")
    assert await fetched(client, path, secret="another") == (400, "")
    assert await fetched(client, path.replace("s/GZ", "s/GX")) == (404, "")
    async with store.read() as records:
        looks = await records.audit.of(ticket.ticket_no)
    assert [look.action for look in looks].count("picture_fetched") == 1


async def fetched(client: Client, path: str, secret: str = SECRET) -> tuple[int, str]:
    """The status, and the type of a picture that came."""
    timestamp = int(MONDAY.timestamp())
    signature = sign(secret, timestamp, path.encode())
    headers = {TIMESTAMP_HEADER: str(timestamp), SIGNATURE_HEADER: signature}
    async with client.get(path, headers=headers) as response:
        return response.status, response.content_type if response.status == 200 else ""
