"""The desk's tickets over HTTP: the list by remaining time, one with its history, orders."""

from typing import Any

from aiohttp import web

from bot.console.parts import CONSOLE, SEAT, body, number, truth, whole, word
from bot.console.roles import Deed, allow
from bot.console.shown import ticket_row, whole_ticket
from bot.desk.words import desk_words
from bot.rules.errors import Rejected
from bot.rules.ticket import Command, Light, Ticket
from bot.store import TicketFilter

MOST = 500
NEEDS_SUPERVISOR = frozenset(
    {
        Command.SUPERVISE,
        Command.MARK_DIFFICULT,
        Command.UPHOLD_RETURN,
        Command.REFUSE_RETURN,
        Command.COORDINATE,
    }
)
# Signing, starting, replying and returning are the unit's: they come as signed notices.
ORDERS = NEEDS_SUPERVISOR | {
    Command.URGE,
    Command.WITHDRAW,
    Command.EXTEND,
    Command.ANSWER,
    Command.REFER,
    Command.MERGE,
    Command.CLOSE,
    Command.REFUSE_REPLY,
    Command.SUSPEND,
    Command.RESUME,
}
FACTS = {"way": 32, "into": 32, "reply": 10_000, "close_kind": 32}


async def listed(request: web.Request) -> web.Response:
    """``GET /api/desk/tickets``: the least time left first. ``waiting=1``: not transferred."""
    console = request.app[CONSOLE]
    allow(request[SEAT].role, Deed.READ_TICKETS)
    wish = request.query
    found = await console.desk.tickets(
        TicketFilter(
            open=wish.get("open") == "1",
            waiting=wish.get("waiting") == "1",
            lead_unit=wish.get("unit") or None,
            district=wish.get("district") or None,
            limit=whole(wish.get("limit", "100"), "limit", MOST),
            offset=whole(wish.get("offset", "0"), "offset", 10**9),
        )
    )
    at = console.clock()
    lights = {Light(wish["light"])} if wish.get("light") in set(Light) else set(Light) | {None}
    rows = [
        ticket_row(ticket, console.desk, at)
        for ticket in found
        if console.desk.light(ticket, at) in lights
    ]
    return web.json_response({"now": at.isoformat(), "tickets": rows})


async def one(request: web.Request) -> web.Response:
    """``GET /api/desk/tickets/{ticket_no}``."""
    allow(request[SEAT].role, Deed.READ_TICKETS)
    ticket = await request.app[CONSOLE].desk.find(request.match_info["ticket_no"])
    return await _answer(request, ticket)


async def transfer(request: web.Request) -> web.Response:
    """``POST …/transfer {unit, version?, reason?}``: 转派."""
    seat, told = request[SEAT], await body(request)
    allow(seat.role, Deed.WORK_TICKETS)
    ticket = await request.app[CONSOLE].desk.transfer(
        request.match_info["ticket_no"],
        word(told, "unit"),
        by=seat.login,
        version=number(told, "version"),
        reason=word(told, "reason", most=500, default=""),
    )
    return await _answer(request, ticket)


async def order(request: web.Request) -> web.Response:
    """``POST …/orders {command, version?, reason?, …}``: urging, answering, merging and the like,
    with the particulars that the command asks for (``FACTS``, working_days, caller_told)."""
    seat, told = request[SEAT], await body(request)
    asked = word(told, "command")
    command = next((known for known in ORDERS if known.value == asked), None)
    if command is None:
        raise Rejected("no such order", code="field_malformed", field="command")
    allow(seat.role, Deed.SUPERVISE if command in NEEDS_SUPERVISOR else Deed.WORK_TICKETS)
    ticket = await request.app[CONSOLE].desk.order(
        request.match_info["ticket_no"],
        command,
        by=seat.login,
        version=number(told, "version"),
        reason=word(told, "reason", most=500, default=""),
        facts=_facts(told),
    )
    return await _answer(request, ticket)


async def identity(request: web.Request) -> web.Response:
    """``POST …/identity {reason}``: name and number in clear; the look is recorded."""
    seat, told = request[SEAT], await body(request)
    allow(seat.role, Deed.SEE_IDENTITY)
    known = await request.app[CONSOLE].desk.identity(
        request.match_info["ticket_no"],
        by=seat.login,
        role=seat.role,
        reason=word(told, "reason", most=500),
    )
    return web.json_response({"name": known.name, "phone": known.phone})


async def forget(request: web.Request) -> web.Response:
    """``POST …/forget {reason}``: 删除个人信息 on request, once the ticket is finished."""
    seat, told = request[SEAT], await body(request)
    allow(seat.role, Deed.SUPERVISE)
    number = request.match_info["ticket_no"]
    reason = word(told, "reason", most=500)
    await request.app[CONSOLE].desk.forget(number, by=seat.login, reason=reason)
    return await _answer(request, await request.app[CONSOLE].desk.find(number))


async def units(request: web.Request) -> web.Response:
    """``GET /api/desk/units``: the handling units there are, and the city's districts."""
    places = desk_words().ear.gazetteer.places.values()
    districts = sorted({place.district for place in places if place.district and not place.city})
    units = sorted(request.app[CONSOLE].desk.units)
    return web.json_response({"units": units, "districts": districts})


def _facts(told: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {n: word(told, n, most=m) for n, m in FACTS.items() if n in told}
    if "working_days" in told:
        facts["working_days"] = number(told, "working_days")
    if "caller_told" in told:
        facts["caller_told"] = truth(told, "caller_told")
    return facts


async def _answer(request: web.Request, ticket: Ticket) -> web.Response:
    console = request.app[CONSOLE]
    history = await console.desk.history(ticket.ticket_no)
    return web.json_response(whole_ticket(ticket, history, console.desk, console.clock()))
