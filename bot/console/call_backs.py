"""回访 over HTTP: whom an agent may ask now, and what came of it. Numbers as everywhere: by
``tickets/{no}/identity``, for a reason, on the trail."""

from typing import Any

from aiohttp import web

from bot.console.parts import CONSOLE, SEAT, body, truth, whole, word
from bot.console.roles import Deed, allow
from bot.console.shown import plain
from bot.desk.followup import GRADES
from bot.rules.errors import Rejected
from bot.rules.privacy import mask
from bot.store import CallBack, CallBackKind, Rated

CAME = ("rated", "unreached", "later", "declined", "seen")


async def listed(request: web.Request) -> web.Response:
    """``GET /api/desk/call-backs?kind=phone``: who is due, longest waiting first."""
    console = request.app[CONSOLE]
    allow(request[SEAT].role, Deed.WORK_TICKETS)
    kind = request.query.get("kind") or None
    if kind is not None and kind not in {one.value for one in CallBackKind}:
        raise Rejected("phone or onsite", code="unknown", field="kind")
    at = console.clock()
    found = await console.desk.call_backs(kind=CallBackKind(kind) if kind else None, at=at)
    rows = [await _row(request, task) for task in found]
    return web.json_response({"now": at.isoformat(), "call_backs": rows})


async def came(request: web.Request) -> web.Response:
    """``POST …/call-backs/{id} {came, grade?, service?, comment?, finding?, forever?}``."""
    console, seat, told = request.app[CONSOLE], request[SEAT], await body(request)
    allow(seat.role, Deed.WORK_TICKETS)
    desk, at = console.desk, console.clock()
    task = await desk.call_back(whole(request.match_info["call_back_id"], "call_back_id", 2**53))
    match word(told, "came"):
        case "rated":
            await _rate(request, task, told)
        case "unreached":
            await desk.unreached(task.id, by=seat.login, at=at)
        case "later":
            await desk.postponed(task.id, by=seat.login, at=at)
        case "declined":
            forever = truth(told, "forever") if "forever" in told else False
            await desk.declined(task.id, by=seat.login, forever=forever, at=at)
        case "seen":
            finding = word(told, "finding", most=1000)
            await desk.seen_on_site(task.id, by=seat.login, finding=finding, at=at)
        case _:
            raise Rejected(", ".join(CAME), code="unknown", field="came")
    return web.json_response(await _row(request, await desk.call_back(task.id)))


async def _rate(request: web.Request, task: CallBack, told: dict[str, Any]) -> None:
    """The grade of the result, and of the service where it was given."""
    console, seat = request.app[CONSOLE], request[SEAT]
    if task.kind is not CallBackKind.PHONE or task.status != "waiting":
        raise Rejected("no result is waiting to be rated", code="not_in_table", field="status")
    comment = word(told, "comment", most=500, default="")
    grades = {Rated.RESULT: _grade(told, "grade")}
    if told.get("service") is not None:
        grades[Rated.SERVICE] = _grade(told, "service")
    for of, grade in grades.items():
        await console.desk.rate(
            task.ticket_no,
            grade,
            of=of,
            method="agent",
            by=seat.login,
            comment=comment,
            at=console.clock(),
        )


def _grade(told: dict[str, Any], name: str) -> int:
    grade = told.get(name)
    if isinstance(grade, bool) or not isinstance(grade, int) or grade not in GRADES:
        raise Rejected("a grade of 1 to 5", code="out_of_range", field=name)
    return grade


async def _row(request: web.Request, task: CallBack) -> dict[str, Any]:
    ticket = await request.app[CONSOLE].desk.find(task.ticket_no)
    draft = ticket.draft
    row: dict[str, Any] = plain(
        vars(task)
        | {
            "finding": mask(task.finding),
            "category": draft.category,
            "content": mask(draft.content),
            "district": draft.district,
            "unit": ticket.lead_unit,
            "reply": mask(ticket.progress.reply),
            "name": draft.name,
            "phone": draft.phone,
            "reworked": ticket.progress.rework_count > 0,
        }
    )
    return row
