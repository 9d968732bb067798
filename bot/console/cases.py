"""A caller as the agent sees them: what is known, what is missing, what to say next. And the
draft: its fields, and filing it."""

from typing import Any

from aiohttp import web

from bot.console.handoffs import handoff_id, note_look, watches
from bot.console.numbers import filled
from bot.console.parts import CONSOLE, SEAT, Console, body, word
from bot.console.roles import Deed, allow
from bot.console.shown import note_row, plain, ticket_row
from bot.console.sight import sees
from bot.desk.drafting import ticket_draft
from bot.desk.words import desk_words
from bot.rules.assist import Hint, hints, next_words
from bot.rules.brief import masked, missing, veiled
from bot.rules.handoff import Handoff
from bot.rules.privacy import mask
from bot.rules.report import APPEAL
from bot.rules.session import Speaker
from bot.rules.ticket import Draft, Ticket
from bot.store import Records, Session, TicketFilter, Turn

EARLIER = 5
LAST_WORDS = 2  # of the caller's turns, what the entries are looked up by


async def case(request: web.Request) -> web.Response:
    """``GET …/handoffs/{id}/case``: draft, missing fields, hints, next words, entries that fit
    what the caller said last (null: not found in time), earlier tickets, notes. Numbers in clear
    only for who has the caller and has asked for them."""
    console, seat = request.app[CONSOLE], request[SEAT]
    allow(seat.role, Deed.TAKE_CALLERS)
    async with console.store.read() as records:
        handoff = await records.handoffs.get(handoff_id(request))
        mine = handoff.talks(seat.login) or await watches(records, seat, handoff.session_id)
        session = await records.sessions.get(handoff.session_id)
        turns = await records.turns.since(handoff.session_id)
        notes = await records.notes.of(handoff.session_id)
        draft = ticket_draft(handoff.draft, handoff.channel)
        earlier = await _earlier(records, console, session, draft)
    if not mine:
        await note_look(console, seat, handoff.session_id)
    said = [turn.text for turn in turns if turn.speaker is Speaker.CALLER]
    last = " ".join(said[-LAST_WORDS:])
    clear = await sees(console.live, seat, handoff.session_id, mine=mine)
    told = _assistance(handoff, turns, said, clear) if mine else {"hints": [], "next": []}
    return web.json_response(
        {
            "handoff_id": handoff.id,
            "draft": _draft(handoff, clear) if mine else masked(handoff.draft),
            "missing": list(missing(handoff.draft, APPEAL)),
            "summary": handoff.summary if clear else mask(handoff.summary),
            "promised": handoff.promised if clear else mask(handoff.promised),
            "proposal": _proposal(console, draft, last),
            "entries": await console.shelf.fitting(last, draft.district, console.clock().date()),
            "earlier": earlier,
            "notes": [note_row(note) for note in notes],
            **told,
        }
    )


async def fill(request: web.Request) -> web.Response:
    """``POST …/handoffs/{id}/draft {fields}``: what an agent changes in the draft."""
    console, seat, told = request.app[CONSOLE], request[SEAT], await body(request)
    allow(seat.role, Deed.TAKE_CALLERS)
    fields = told.get("fields")
    number = handoff_id(request)
    fields = await filled(console, number, fields if isinstance(fields, dict) else {})
    handoff = await console.desk.fill(number, agent=seat.login, fields=fields)
    clear = await sees(console.live, seat, handoff.session_id, mine=True)
    return web.json_response(
        {"draft": _draft(handoff, clear), "missing": list(missing(handoff.draft, APPEAL))}
    )


async def file(request: web.Request) -> web.Response:
    """``POST …/handoffs/{id}/ticket {key}``: the draft becomes a ticket, once for a key."""
    console, seat, told = request.app[CONSOLE], request[SEAT], await body(request)
    allow(seat.role, Deed.WORK_TICKETS)
    ticket = await console.desk.file(
        handoff_id(request), agent=seat.login, key=word(told, "key", most=64)
    )
    return web.json_response(ticket_row(ticket, console.desk, console.clock()), status=201)


def _draft(handoff: Handoff, clear: bool) -> dict[str, Any]:
    return dict(handoff.draft) if clear else veiled(handoff.draft)


def _assistance(
    handoff: Handoff, turns: list[Turn], said: list[str], clear: bool
) -> dict[str, Any]:
    words = desk_words()
    found: list[Hint] = hints(said, handoff.draft, words.ear)
    draft = {name: handoff.draft.get(name) or words.unknown for name in ("matter", "place", "time")}
    began = any(turn.speaker is Speaker.AGENT for turn in turns)
    wanted = missing(handoff.draft, APPEAL)
    return {
        "hints": [
            plain(vars(hint) | {"value": hint.value if clear else mask(hint.value)})
            for hint in found
        ],
        "next": next_words(wanted, words.asks, words.read_back.format(**draft), began=began),
        "canned": list(words.canned),
    }


def _proposal(console: Console, draft: Draft, said: str) -> dict[str, Any]:
    told = draft if draft.content else Draft(content=said, district=draft.district)
    route = console.desk.propose(told)
    return {
        "category": draft.category or route.category,
        "unit": route.lead_unit,
        "confidence": round(route.confidence, 2),
    }


async def _earlier(
    records: Records, console: Console, session: Session, draft: Draft
) -> dict[str, Any]:
    """Tickets of the same number, and open ones of the same matter at the same place."""
    number = draft.phone or session.caller
    by_number = await records.tickets.by_phone(number, EARLIER) if number else []
    by_place: list[Ticket] = []
    if draft.district and draft.category:
        wanted = TicketFilter(
            district=draft.district, category=draft.category, newest_first=True, limit=EARLIER
        )
        by_place = await records.tickets.listed(wanted)
    at = console.clock()
    return {
        "number": [ticket_row(ticket, console.desk, at) for ticket in by_number],
        "place": [ticket_row(ticket, console.desk, at) for ticket in by_place],
    }
