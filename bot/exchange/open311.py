"""Open311 GeoReport v2: the standard way in and out for other cities' and vendors' programs.

Services are the catalogue's categories; a request is a ticket. What names or reaches the caller
never goes out. Specification: wiki.open311.org/GeoReport_v2.
"""

from datetime import datetime
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from bot.exchange.parts import EXCHANGE, Exchange
from bot.rules.errors import NotFound, Rejected
from bot.rules.ticket import Draft, Ticket, TicketStatus
from bot.store import TicketFilter

JURISDICTION = "gz.gov.cn"
LONGEST_LIST = 1000
# By the standard a request is open or closed.
CLOSED = frozenset(status for status in TicketStatus if not status.open)


async def services(request: web.Request) -> web.Response:
    """What can be asked for."""
    catalogue = request.app[EXCHANGE].desk.catalogue
    return web.json_response([_service(one) for one in catalogue.categories])


async def service(request: web.Request) -> web.Response:
    """One service; none asks for attributes of its own."""
    code = unquote(request.match_info["code"])
    if code not in request.app[EXCHANGE].desk.catalogue.categories:
        raise NotFound(f"no service {code}")
    return web.json_response({"service_code": code, "attributes": []})


async def create(request: web.Request) -> web.Response:
    """Open a ticket. Needs an api_key; the same ``Idempotency-Key`` opens one ticket."""
    exchange = request.app[EXCHANGE]
    form = await request.post()
    said = {name: value for name, value in form.items() if isinstance(value, str)}
    holder = _holder(exchange, said.get("api_key", ""))
    code = said.get("service_code", "")
    if code not in exchange.desk.catalogue.categories:
        raise Rejected("no such service", code="unknown", field="service_code")
    address = said.get("address_string", "")
    if not address and not (said.get("lat") and said.get("long")):
        raise Rejected("an address, or lat and long", code="missing", field="address_string")
    where = address or f"{said['lat']},{said['long']}"
    name = f"{said.get('last_name', '')}{said.get('first_name', '')}"
    draft = Draft(
        category=code,
        content=said.get("description", ""),
        address=where,
        district=said.get("attribute[district]", ""),
        street=said.get("attribute[street]", ""),
        name=name,
        phone=said.get("phone", ""),
        anonymous=not name and not said.get("phone"),
        channel="open311",
    )
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        raise Rejected("a key of your own", code="missing", field="Idempotency-Key")
    ticket = await exchange.desk.open(
        draft,
        key=f"open311:{holder}:{key}",
        session_id=f"open311:{holder}",
        by=f"open311:{holder}",
        at=exchange.clock(),
    )
    told = {"service_request_id": ticket.ticket_no, "service_notice": "", "account_id": ""}
    return web.json_response([told], status=201)


async def find(request: web.Request) -> web.Response:
    """The newest requests, or those whose numbers are asked for. Needs an api_key."""
    exchange = request.app[EXCHANGE]
    _holder(exchange, request.query.get("api_key", ""))
    if numbers := request.query.get("service_request_id", ""):
        tickets = [await exchange.desk.find(n) for n in numbers.split(",")[:LONGEST_LIST]]
    else:
        tickets = await exchange.desk.tickets(_wanted(request))
    return web.json_response([_request(exchange, one) for one in tickets])


async def show(request: web.Request) -> web.Response:
    """One request. Needs an api_key."""
    exchange = request.app[EXCHANGE]
    _holder(exchange, request.query.get("api_key", ""))
    ticket = await exchange.desk.find(request.match_info["number"])
    return web.json_response([_request(exchange, ticket)])


def _holder(exchange: Exchange, key: str) -> str:
    holder = exchange.keys.get(key)
    if not key or holder is None:
        raise Rejected("no such api_key", code="unauthenticated", field="api_key")
    return holder


def _wanted(request: web.Request) -> TicketFilter:
    query = request.query
    statuses: list[TicketStatus] = []
    for name in filter(None, query.get("status", "").split(",")):
        if name not in ("open", "closed"):
            raise Rejected("open or closed", code="unknown", field="status")
        statuses += [s for s in TicketStatus if (s in CLOSED) == (name == "closed")]
    return TicketFilter(
        statuses=statuses or None,
        category=query.get("service_code") or None,
        accepted_from=_time(query.get("start_date"), "start_date"),
        accepted_before=_time(query.get("end_date"), "end_date"),
        limit=LONGEST_LIST,
        newest_first=True,
    )


def _time(text: str | None, field: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Rejected("a W3C time", code="malformed", field=field) from None
    if moment.tzinfo is None:
        raise Rejected("a time with its zone", code="malformed", field=field)
    return moment


def _service(category: str) -> dict[str, Any]:
    group, _, name = category.partition("/")
    return {
        "service_code": category,
        "service_name": name or group,
        "description": category,
        "metadata": False,
        "type": "realtime",
        "keywords": "",
        "group": group,
    }


def _request(exchange: Exchange, ticket: Ticket) -> dict[str, Any]:
    draft, progress = ticket.draft, ticket.progress
    changed_at = progress.closed_at or progress.transferred_at or ticket.accepted_at
    return {
        "service_request_id": ticket.ticket_no,
        "status": "closed" if ticket.status in CLOSED else "open",
        "status_notes": progress.reply,
        "service_name": draft.category.rpartition("/")[2],
        "service_code": draft.category,
        "description": "" if draft.sealed else draft.content,
        "agency_responsible": ticket.lead_unit,
        "requested_datetime": ticket.accepted_at.isoformat(),
        "updated_datetime": changed_at.isoformat(),
        "expected_datetime": ticket.due_at.isoformat(),
        "address": "" if draft.sealed else draft.address,
    }
