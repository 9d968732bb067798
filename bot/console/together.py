"""People and tickets that belong together: who else looks at a ticket, what it may be merged into,
many transferred at once."""

from typing import Any

from aiohttp import web

from bot.console.parts import CONSOLE, SEAT, Console, body, word
from bot.console.roles import Deed, allow
from bot.console.shown import ticket_row
from bot.rules.errors import HotlineError, Rejected

LOOKING_SECONDS = 15.0  # a page says so again well within
MOST_AT_ONCE = 100


async def lookers(request: web.Request) -> web.Response:
    """``POST …/tickets/{no}/lookers``: says that one looks at it; who else does."""
    console, seat = request.app[CONSOLE], request[SEAT]
    allow(seat.role, Deed.READ_TICKETS)
    number = (await console.desk.find(request.match_info["ticket_no"])).ticket_no
    at, group = console.clock().timestamp(), f"desk:at:{number}"
    await console.live.join(group, (seat.login,), at=at)
    found = await console.live.joined(group, since=at - LOOKING_SECONDS) or []
    return web.json_response({"others": sorted(set(found) - {seat.login})})


async def duplicates(request: web.Request) -> web.Response:
    """``GET …/tickets/{no}/duplicates``: open tickets that it may be merged into."""
    console = request.app[CONSOLE]
    allow(request[SEAT].role, Deed.READ_TICKETS)
    found = await console.desk.duplicates(request.match_info["ticket_no"])
    at = console.clock()
    return web.json_response({"tickets": [ticket_row(one, console.desk, at) for one in found]})


async def transfer(request: web.Request) -> web.Response:
    """``POST /api/desk/transfers {tickets, unit, reason?}``: each by itself; what came of each."""
    console, seat, told = request.app[CONSOLE], request[SEAT], await body(request)
    allow(seat.role, Deed.WORK_TICKETS)
    numbers, unit = told.get("tickets"), word(told, "unit")
    if not isinstance(numbers, list) or not 1 <= len(numbers) <= MOST_AT_ONCE:
        raise Rejected("1 to 100 tickets", code="out_of_range", field="tickets")
    reason = word(told, "reason", most=500, default="")
    came = {str(n): await _one(console, str(n)[:24], unit, seat.login, reason) for n in numbers}
    return web.json_response({"tickets": came})


async def _one(console: Console, number: str, unit: str, by: str, reason: str) -> dict[str, Any]:
    try:
        await console.desk.transfer(number, unit, by=by, reason=reason)
    except HotlineError as error:
        code = error.code if isinstance(error, Rejected) else "not_found"
        return {"transferred": False, "code": code}
    return {"transferred": True}
