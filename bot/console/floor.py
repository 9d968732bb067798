"""The supervisor's now over HTTP: who talks, who waits, who is there, what is late, what is ill."""

from datetime import datetime, time, timedelta
from typing import Any

from aiohttp import web

from bot.console.parts import CONSOLE, SEAT, Console
from bot.console.roles import Deed, allow
from bot.console.shown import handoff_row, plain
from bot.health import HEALTH
from bot.rules.floor import Connection, connected, contained
from bot.rules.handoff import Handoff
from bot.rules.presence import State
from bot.rules.privacy import mask
from bot.rules.ticket import Light
from bot.store import TicketFilter

MOST_TICKETS = 5_000
LIVELY = timedelta(minutes=30)


async def floor(request: web.Request) -> web.Response:
    """``GET /api/desk/floor``: the figures of now and of today."""
    console = request.app[CONSOLE]
    allow(request[SEAT].role, Deed.WATCH_ANY)
    at = console.clock()
    midnight = datetime.combine(at.date(), time(), at.tzinfo)
    async with console.store.read() as records:
        today = await records.handoffs.since(midnight)
        waiting = await records.handoffs.waiting()
        taken = await records.handoffs.accepted()
        contacts = await records.contacts.since(midnight)
        lively = await records.contacts.handlers(at - LIVELY)
        misses = await records.contacts.misses(midnight)
    present = await console.attendance.present()
    kept = contained(contacts)
    return web.json_response(
        {
            "now": at.isoformat(),
            "lively": lively,
            "waiting": len(waiting),
            "longest_seconds": max((_waited(one, at) for one in waiting), default=0),
            "talks": [handoff_row(one) for one in taken],
            "queue": [handoff_row(one) for one in waiting],
            "agents": [plain(vars(one)) for one in present],
            "states": {s.value: sum(one.state is s for one in present) for s in State},
            "connected": {
                name: _connection(connected(today, at, phone=name == "phone"))
                for name in ("phone", "other")
            },
            "lights": await _lights(console, at),
            "containment": {"sessions": kept.sessions, "kept": kept.kept, "again": kept.again}
            | {"share": kept.share},
            "misses": [plain(miss | {"text": mask(miss["text"])}) for miss in misses[:50]],
            "missed": len(await console.desk.missed()),
            "health": request.app[HEALTH].report(),
        }
    )


def _waited(handoff: Handoff, at: datetime) -> float:
    return (at - handoff.requested_at).total_seconds()


def _connection(found: Connection) -> dict[str, Any]:
    return dict(vars(found)) | {"share": found.share}


async def _lights(console: Console, at: datetime) -> dict[str, int]:
    tickets = await console.desk.tickets(TicketFilter(open=True, limit=MOST_TICKETS))
    lights = [console.desk.light(ticket, at) for ticket in tickets]
    return {light.value: sum(one is light for one in lights) for light in Light}
