"""漏接回拨 over HTTP: whom to call back, what came of it; the number only for a reason."""

from aiohttp import web

from bot.console.parts import CONSOLE, SEAT, body, truth, whole, word
from bot.console.roles import Deed, allow
from bot.console.shown import plain
from bot.rules.brief import masked
from bot.rules.errors import Rejected
from bot.rules.privacy import mask, mask_phone
from bot.store import Look, Missed


async def listed(request: web.Request) -> web.Response:
    """``GET /api/desk/missed``: longest missed first, numbers masked."""
    console = request.app[CONSOLE]
    allow(request[SEAT].role, Deed.TAKE_CALLERS)
    entries = await console.desk.missed()
    return web.json_response({"missed": [_row(entry) for entry in entries]})


async def number(request: web.Request) -> web.Response:
    """``POST …/missed/{id}/number {reason}``: the number in clear; the look is recorded."""
    console, seat, told = request.app[CONSOLE], request[SEAT], await body(request)
    allow(seat.role, Deed.SEE_IDENTITY)
    reason = word(told, "reason").strip()
    if not reason:
        raise Rejected("say why", code="missing", field="reason")
    async with console.store.begin() as records:
        entry = await records.missed.get(_id(request))
        subject = f"missed:{entry.id}"
        look = Look(seat.login, "number_seen", subject, console.clock(), reason)
        await records.audit.add(look)
    return web.json_response({"phone": entry.phone})


async def called_back(request: web.Request) -> web.Response:
    """``POST …/missed/{id} {reached, note?}``."""
    console, seat, told = request.app[CONSOLE], request[SEAT], await body(request)
    allow(seat.role, Deed.TAKE_CALLERS)
    note = word(told, "note", most=500, default="")
    entry = await console.desk.called_back(
        _id(request), by=seat.login, reached=truth(told, "reached"), note=note
    )
    return web.json_response(_row(entry))


def _row(entry: Missed) -> dict[str, object]:
    told = vars(entry) | {"phone": mask_phone(entry.phone), "draft": masked(entry.draft)}
    row: dict[str, object] = plain(told | {"summary": mask(entry.summary)})
    return row


def _id(request: web.Request) -> int:
    return whole(request.match_info["missed_id"], "missed_id", 2**53)
