"""Colleagues at one caller, over HTTP: offering, taking, three-way, taking over, whispering."""

from aiohttp import web

from bot.console.handoffs import handoff_id, may_watch
from bot.console.parts import CONSOLE, SEAT, body, choice, word
from bot.console.roles import MAY, Deed, allow
from bot.console.shown import handoff_row, note_row, plain
from bot.rules.handoff import Handoff, Skill
from bot.rules.presence import State


async def colleagues(request: web.Request) -> web.Response:
    """``GET /api/desk/colleagues``: who is there, in which state, and oneself."""
    console, seat = request.app[CONSOLE], request[SEAT]
    allow(seat.role, Deed.TAKE_CALLERS)
    present = await console.attendance.present()
    return web.json_response({"colleagues": [plain(vars(one)) for one in present]})


async def state(request: web.Request) -> web.Response:
    """``POST /api/desk/state {state}``: 空闲, 忙碌, 小休, 话后."""
    console, seat, told = request.app[CONSOLE], request[SEAT], await body(request)
    allow(seat.role, Deed.TAKE_CALLERS)
    await console.attendance.set(seat.login, State(choice(told, "state", State)))
    return web.json_response({})


async def offer(request: web.Request) -> web.Response:
    """``POST …/handoffs/{id}/offer {to, promised?}``: warm transfer to a colleague."""
    console, seat, told = request.app[CONSOLE], request[SEAT], await body(request)
    allow(seat.role, Deed.TAKE_CALLERS)
    handoff = await console.desk.offer(
        handoff_id(request),
        agent=seat.login,
        to=word(told, "to", most=64),
        promised=word(told, "promised", most=200, default=""),
    )
    return _answer(handoff)


async def take(request: web.Request) -> web.Response:
    """``POST …/take``: what a colleague offered."""
    console, seat = request.app[CONSOLE], request[SEAT]
    allow(seat.role, Deed.TAKE_CALLERS)
    await console.presence.note(seat.login)
    return _answer(await console.desk.take(handoff_id(request), agent=seat.login))


async def decline(request: web.Request) -> web.Response:
    """``POST …/decline``."""
    console, seat = request.app[CONSOLE], request[SEAT]
    allow(seat.role, Deed.TAKE_CALLERS)
    return _answer(await console.desk.decline(handoff_id(request), agent=seat.login))


async def to_skill(request: web.Request) -> web.Response:
    """``POST …/skill {skill, promised?}``: to the front of another skill's queue."""
    console, seat, told = request.app[CONSOLE], request[SEAT], await body(request)
    allow(seat.role, Deed.TAKE_CALLERS)
    handoff = await console.desk.to_skill(
        handoff_id(request),
        agent=seat.login,
        skill=choice(told, "skill", Skill),
        promised=word(told, "promised", most=200, default=""),
    )
    return _answer(handoff)


async def invite(request: web.Request) -> web.Response:
    """``POST …/invite {guest}``: 三方. A supervisor may invite oneself to whisper or speak."""
    console, seat, told = request.app[CONSOLE], request[SEAT], await body(request)
    allow(seat.role, Deed.TAKE_CALLERS)
    guest = word(told, "guest", most=64)
    return _answer(await console.desk.invite(handoff_id(request), agent=seat.login, guest=guest))


async def leave(request: web.Request) -> web.Response:
    """``POST …/leave``: a guest leaves."""
    console, seat = request.app[CONSOLE], request[SEAT]
    allow(seat.role, Deed.TAKE_CALLERS)
    return _answer(await console.desk.leave(handoff_id(request), guest=seat.login))


async def take_over(request: web.Request) -> web.Response:
    """``POST …/takeover {reason}``: a supervisor takes the caller; recorded."""
    console, seat, told = request.app[CONSOLE], request[SEAT], await body(request)
    allow(seat.role, Deed.WATCH_ANY)
    await console.presence.note(seat.login)
    reason = word(told, "reason", most=200)
    return _answer(
        await console.desk.take_over(handoff_id(request), agent=seat.login, reason=reason)
    )


async def note(request: web.Request) -> web.Response:
    """``POST …/sessions/{id}/notes {kind, text}``: a whisper is a supervisor's."""
    console, seat, told = request.app[CONSOLE], request[SEAT], await body(request)
    allow(seat.role, Deed.TAKE_CALLERS)
    kind, session_id = word(told, "kind", most=16), request.match_info["session_id"]
    if kind == "whisper":
        allow(seat.role, Deed.WATCH_ANY)
    elif kind != "wrap_up" and Deed.WATCH_ANY not in MAY[seat.role]:
        await may_watch(console, seat, session_id)
    text = word(told, "text", most=500)
    kept = await console.desk.note(session_id, by=seat.login, kind=kind, text=text)
    return web.json_response(note_row(kept), status=201)


def _answer(handoff: Handoff) -> web.Response:
    return web.json_response(handoff_row(handoff))
