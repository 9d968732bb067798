"""开关 over HTTP: how each stands, who switched what and why, and setting one."""

from datetime import datetime

from aiohttp import web

from bot.console.parts import CONSOLE, SEAT, body, word
from bot.console.roles import Deed, allow
from bot.console.shown import plain
from bot.rules.errors import Rejected
from bot.rules.switch import KNOWN, Setting


async def listed(request: web.Request) -> web.Response:
    """``GET /api/desk/switches``."""
    console = request.app[CONSOLE]
    allow(request[SEAT].role, Deed.SUPERVISE)
    at = console.clock()
    standing = await console.desk.switches(at)
    in_force, history = await console.desk.settings(at)
    return web.json_response(
        {
            "now": at.isoformat(),
            "switches": [
                {"name": name, "value": standing[name], "usual": known.usual}
                | {"least": known.least, "most": known.most}
                for name, known in KNOWN.items()
            ],
            "settings": [plain(vars(one)) for one in in_force],
            "history": [plain(vars(one)) for one in history],
        }
    )


async def switch(request: web.Request) -> web.Response:
    """``POST /api/desk/switches {name, value, reason, until?}``."""
    console, seat, told = request.app[CONSOLE], request[SEAT], await body(request)
    allow(seat.role, Deed.SUPERVISE)
    setting = Setting(
        word(told, "name", most=48),
        told.get("value"),  # type: ignore[arg-type]
        seat.login,
        word(told, "reason", most=200),
        console.clock(),
        _until(told.get("until")),
    )
    await console.desk.switch(setting)
    return web.json_response(plain(vars(setting)))


def _until(text: object) -> datetime | None:
    if text is None or text == "":
        return None
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Rejected("a time with its zone", code="field_malformed", field="until")
    return moment
