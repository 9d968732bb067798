"""``POST /api/dispatch/notices``: what the dispatch system reports, signed as our letters are."""

import json
from typing import Any

from aiohttp import web

from bot.exchange.parts import EXCHANGE
from bot.rules.errors import Rejected
from bot.rules.notice import Notice
from bot.rules.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, verify

LONGEST = {"id": 128, "ticket_no": 24, "event": 32, "unit": 64, "reason": 2000}
REQUIRED = ("id", "ticket_no", "event", "unit")
FACTS: dict[str, type] = {
    "reply": str,
    "close_kind": str,
    "ground": str,
    "caller_told": bool,
    "working_days": int,
}


async def take(request: web.Request) -> web.Response:
    """Check signature and form, act once; 200 with what came of it, 409 for a refusal by rule."""
    exchange = request.app[EXCHANGE]
    body = await request.read()
    headers = request.headers
    timestamp = headers.get(TIMESTAMP_HEADER, "")
    signature = headers.get(SIGNATURE_HEADER, "")
    verify(exchange.secret, timestamp, signature, body, exchange.clock())
    answer = await exchange.desk.notice(read(body), exchange.clock())
    return web.json_response(answer, status=409 if answer["result"] == "refused" else 200)


def read(body: bytes) -> Notice:
    """The notice in a body; Rejected naming the field that is missing, too long or not known."""
    try:
        data = json.loads(body)
    except ValueError:
        raise Rejected("not JSON", code="malformed", field="body") from None
    if not isinstance(data, dict):
        raise Rejected("not an object", code="malformed", field="body")
    values = {name: _text(data, name) for name in LONGEST}
    return Notice(**values, facts=_facts(data))


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name, "")
    if not isinstance(value, str) or (name in REQUIRED and not value):
        raise Rejected("a text", code="missing", field=name)
    if len(value) > LONGEST[name]:
        raise Rejected(f"at most {LONGEST[name]} characters", code="too_long", field=name)
    return value


def _facts(data: dict[str, Any]) -> dict[str, Any]:
    unknown = set(data) - set(LONGEST) - set(FACTS)
    if unknown:
        raise Rejected("not a field of a notice", code="unknown", field=min(unknown))
    facts = {name: data[name] for name in FACTS if name in data}
    for name, value in facts.items():
        if type(value) is not FACTS[name]:
            raise Rejected(f"a {FACTS[name].__name__}", code="malformed", field=name)
    return facts
