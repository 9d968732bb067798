"""The desk's callers over HTTP: the queue, taking one, talking, giving back."""

from aiohttp import web

from bot.console.access import Seat
from bot.console.parts import CONSOLE, SEAT, Console, body, word
from bot.console.roles import MAY, Deed, allow
from bot.console.shown import handoff_row, ticket_row, turn_row
from bot.rules.errors import Rejected
from bot.rules.handoff import HandoffStatus
from bot.store import TicketFilter

TEXT_LIMIT = 2_000
REPEAT_SECONDS = 600


async def listed(request: web.Request) -> web.Response:
    """``GET /api/desk/handoffs``: who waits, in the order served, and whom this agent has."""
    console, seat = request.app[CONSOLE], request[SEAT]
    allow(seat.role, Deed.TAKE_CALLERS)
    async with console.store.read() as records:
        waiting = await records.handoffs.waiting()
        everyone = Deed.WATCH_ANY in MAY[seat.role]
        taken = await records.handoffs.accepted(None if everyone else seat.login)
    return web.json_response(
        {
            "now": console.clock().isoformat(),
            "waiting": [handoff_row(handoff) for handoff in waiting],
            "mine": [handoff_row(handoff) for handoff in taken if handoff.agent == seat.login],
            "others": [handoff_row(handoff) for handoff in taken if handoff.agent != seat.login],
        }
    )


async def accept(request: web.Request) -> web.Response:
    """``POST …/{handoff_id}/accept``: 接入."""
    seat = request[SEAT]
    allow(seat.role, Deed.TAKE_CALLERS)
    console = request.app[CONSOLE]
    await console.presence.note(seat.login)
    handoff = await console.desk.accept(_id(request), agent=seat.login)
    return web.json_response(handoff_row(handoff))


async def release(request: web.Request) -> web.Response:
    """``POST …/{handoff_id}/release {to}``: to the bot, the queue, or the end."""
    seat, told = request[SEAT], await body(request)
    allow(seat.role, Deed.TAKE_CALLERS)
    to = word(told, "to", default="bot")
    if to not in ("bot", "queue", "end"):
        raise Rejected("to: bot, queue or end", code="field_malformed", field="to")
    handoff = await request.app[CONSOLE].desk.release(_id(request), agent=seat.login, to=to)  # type: ignore[arg-type]
    return web.json_response(handoff_row(handoff))


async def conversation(request: web.Request) -> web.Response:
    """``GET /api/desk/sessions/{session_id}``: what was said, and the tickets that came of it."""
    console, session_id = request.app[CONSOLE], request.match_info["session_id"]
    mine = await may_watch(console, request[SEAT], session_id)
    after = request.query.get("after", "0")
    if not (after.isascii() and after.isdigit() and len(after) < 10):
        raise Rejected("after is not a turn number", code="field_malformed", field="after")
    async with console.store.read() as records:
        session = await records.sessions.get(session_id)
        turns = await records.turns.since(session_id, int(after))
    tickets = await console.desk.tickets(TicketFilter(session_id=session_id))
    at = console.clock()
    return web.json_response(
        {
            "session_id": session_id,
            "handler": session.handler.value,
            "agent": session.agent,
            "channel": session.channel.value,
            "turns": [turn_row(turn, clear=mine) for turn in turns],
            "tickets": [ticket_row(ticket, console.desk, at) for ticket in tickets],
        }
    )


async def say(request: web.Request) -> web.Response:
    """``POST /api/desk/sessions/{session_id}/say {id, text}``; the same id is said once."""
    console, seat, told = request.app[CONSOLE], request[SEAT], await body(request)
    allow(seat.role, Deed.TAKE_CALLERS)
    session_id = request.match_info["session_id"]
    await console.presence.note(seat.login)
    text = word(told, "text", most=TEXT_LIMIT).strip()
    once = f"desk.said:{session_id}:{seat.login}:{word(told, 'id', most=64)}"
    if await console.live.get(once):
        return web.json_response({"repeated": True})
    seq = await console.desk.say(session_id, agent=seat.login, text=text)
    await console.live.set(once, str(seq), seconds=REPEAT_SECONDS)
    return web.json_response({"seq": seq})


async def may_watch(console: Console, seat: Seat, session_id: str) -> bool:
    """Whether the session is this agent's. Rejected (``not_yours``) when it is another's.

    A waiting caller's words may be read by whoever may take callers; a supervisor reads all.
    """
    allow(seat.role, Deed.TAKE_CALLERS)
    async with console.store.read() as records:
        handoff = await records.handoffs.open_of(session_id)
    if handoff is not None and handoff.agent == seat.login:
        return True
    waiting = handoff is not None and handoff.status is HandoffStatus.WAITING
    if not waiting and Deed.WATCH_ANY not in MAY[seat.role]:
        raise Rejected("this conversation is another's", code="not_yours", field="session_id")
    return False


def _id(request: web.Request) -> int:
    text = request.match_info["handoff_id"]
    if len(text) > 15:
        raise Rejected("no such handoff", code="field_malformed", field="handoff_id")
    return int(text)
