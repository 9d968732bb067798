"""The desk's callers over HTTP: the queue, taking one, talking, giving back."""

from aiohttp import web

from bot.console.access import Seat
from bot.console.board import fits
from bot.console.parts import CONSOLE, SEAT, Console, body, whole, word
from bot.console.roles import MAY, Deed, allow
from bot.console.shown import handoff_row, ticket_row, turn_row
from bot.console.sight import sees
from bot.rules.errors import Rejected
from bot.rules.handoff import HandoffStatus
from bot.rules.presence import State
from bot.store import Look, Records, TicketFilter

TEXT_LIMIT = 2_000
REPEAT_SECONDS = 600


async def listed(request: web.Request) -> web.Response:
    """``GET /api/desk/handoffs``: who waits, in the order served, and whom this agent has."""
    console, seat = request.app[CONSOLE], request[SEAT]
    allow(seat.role, Deed.TAKE_CALLERS)
    all_talks = Deed.WATCH_ANY in MAY[seat.role]
    async with console.store.read() as records:
        waiting = await records.handoffs.waiting()
        if all_talks:
            taken = await records.handoffs.accepted()
        else:
            taken = await records.handoffs.concerning(seat.login)
    skilled = await console.board.skilled()
    return web.json_response(
        {
            "now": console.clock().isoformat(),
            "waiting": [
                handoff_row(one) | {"fits": fits(one, seat.skills, skilled)} for one in waiting
            ],
            "mine": [handoff_row(one) for one in taken if one.talks(seat.login)],
            "others": [handoff_row(one) for one in taken if not one.talks(seat.login)],
        }
    )


async def accept(request: web.Request) -> web.Response:
    """``POST …/{handoff_id}/accept``: 接入."""
    seat = request[SEAT]
    allow(seat.role, Deed.TAKE_CALLERS)
    console = request.app[CONSOLE]
    await console.presence.note(seat.login)
    await _capacity(console, seat)
    handoff = await console.desk.accept(handoff_id(request), agent=seat.login)
    await _looked(console, seat, "caller_accepted", handoff.session_id)
    return web.json_response(handoff_row(handoff))


async def release(request: web.Request) -> web.Response:
    """``POST …/{handoff_id}/release {to}``: to the bot, the queue, or the end."""
    seat, told = request[SEAT], await body(request)
    allow(seat.role, Deed.TAKE_CALLERS)
    to = word(told, "to", default="bot")
    if to not in ("bot", "queue", "end"):
        raise Rejected("to: bot, queue or end", code="field_malformed", field="to")
    console = request.app[CONSOLE]
    handoff = await console.desk.release(handoff_id(request), agent=seat.login, to=to)  # type: ignore[arg-type]
    await console.attendance.set(seat.login, State.WRAP_UP)
    return web.json_response(handoff_row(handoff))


async def conversation(request: web.Request) -> web.Response:
    """``GET /api/desk/sessions/{session_id}``: what was said, and the tickets that came of it."""
    console, session_id = request.app[CONSOLE], request.match_info["session_id"]
    after = request.query.get("after", "0")
    if not (after.isascii() and after.isdigit() and len(after) < 10):
        raise Rejected("after is not a turn number", code="field_malformed", field="after")
    async with console.store.read() as records:
        mine = await watches(records, request[SEAT], session_id)
        session = await records.sessions.get(session_id)
        turns = await records.turns.since(session_id, int(after))
        tickets = await records.tickets.listed(TicketFilter(session_id=session_id))
    if not mine:
        await note_look(console, request[SEAT], session_id)
    clear = await sees(console.live, request[SEAT], session_id, mine=mine)
    at = console.clock()
    return web.json_response(
        {
            "session_id": session_id,
            "handler": session.handler.value,
            "agent": session.agent,
            "channel": session.channel.value,
            "clear": clear,
            "turns": [turn_row(turn, clear=clear) for turn in turns],
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
    async with console.store.read() as records:
        return await watches(records, seat, session_id)


async def watches(records: Records, seat: Seat, session_id: str) -> bool:
    """`may_watch` within a transaction."""
    allow(seat.role, Deed.TAKE_CALLERS)
    handoff = await records.handoffs.open_of(session_id)
    if handoff is not None and (handoff.talks(seat.login) or handoff.offered_to == seat.login):
        return True
    waiting = handoff is not None and handoff.status is HandoffStatus.WAITING
    if not waiting and Deed.WATCH_ANY not in MAY[seat.role]:
        raise Rejected("this conversation is another's", code="not_yours", field="session_id")
    return False


async def look(console: Console, seat: Seat, session_id: str) -> bool:
    """As `may_watch`; whose it is not is on the audit trail."""
    mine = await may_watch(console, seat, session_id)
    if not mine:
        await note_look(console, seat, session_id)
    return mine


async def note_look(console: Console, seat: Seat, session_id: str) -> None:
    """A look at a conversation that is not one's own, on the audit trail."""
    any_talk = Deed.WATCH_ANY in MAY[seat.role]
    await _looked(console, seat, "listened" if any_talk else "read_along", session_id)


def handoff_id(request: web.Request) -> int:
    """The number in the address."""
    return whole(request.match_info["handoff_id"], "handoff_id", 2**53)


async def _looked(console: Console, seat: Seat, action: str, session_id: str) -> None:
    """On the audit trail, once in a while for the same talk."""
    key = f"desk.looked:{action}:{seat.login}:{session_id}"
    if await console.live.set(key, "1", seconds=REPEAT_SECONDS, fresh=True):
        async with console.store.begin() as records:
            await records.audit.add(Look(seat.login, action, session_id, console.clock()))


async def _capacity(console: Console, seat: Seat) -> None:
    """Rejected (``full``) when the agent has as many callers as the switch allows."""
    async with console.store.read() as records:
        taken = await records.handoffs.accepted(seat.login)
    most = (await console.desk.switches())["chats_at_once"]
    if len(taken) >= int(most):
        raise Rejected("as many callers as one may have", code="full", field="handoff_id")
