"""质检 over HTTP: every talk of a day as the rules find it, samples for a person to score."""

import hashlib
import json
from datetime import datetime, time, timedelta
from typing import Any

from aiohttp import web

from bot.console.parts import CONSOLE, SEAT, Console, body, whole, word
from bot.console.roles import Deed, allow
from bot.console.shown import plain
from bot.desk.drafting import draft_of
from bot.desk.words import desk_words
from bot.rules.errors import Rejected
from bot.rules.handoff import Handoff
from bot.rules.inspection import Said, inspect
from bot.rules.privacy import invented, mask
from bot.rules.session import Speaker, Status
from bot.store import Look, Records, Score, TicketFilter, Turn

LOOKED = ("politeness", "accuracy", "ticket")
SAMPLE = 0.05  # of the talks of agents, at least
MOST_DAYS = 31


async def listed(request: web.Request) -> web.Response:
    """``GET /api/desk/inspections?days=1``: talks with findings first, then the samples."""
    console = request.app[CONSOLE]
    allow(request[SEAT].role, Deed.INSPECT)
    days = max(1, whole(request.query.get("days", "1"), "days", MOST_DAYS))
    at = console.clock()
    since = datetime.combine(at.date(), time(), at.tzinfo) - timedelta(days=days - 1)
    async with console.store.read() as records:
        rows = await _inspected(records, since)
    rows.sort(key=lambda row: (-len(row["findings"]), not row["sampled"]))
    return web.json_response({"looked": list(LOOKED), "talks": rows})


async def score(request: web.Request) -> web.Response:
    """``POST …/sessions/{id}/score {points: {politeness: 1…5, …}, note?}``."""
    console, seat, told = request.app[CONSOLE], request[SEAT], await body(request)
    allow(seat.role, Deed.INSPECT)
    session_id, points = request.match_info["session_id"], told.get("points")
    if not isinstance(points, dict) or set(points) != set(LOOKED):
        raise Rejected("points for each", code="field_malformed", field="points")
    if not all(type(point) is int and 1 <= point <= 5 for point in points.values()):
        raise Rejected("1 to 5", code="out_of_range", field="points")
    note = word(told, "note", most=500, default="")
    async with console.store.begin() as records:
        await records.sessions.get(session_id)
        handoffs = await records.handoffs.of([session_id])
        agent = handoffs[-1].agent if handoffs else None
        await records.scores.put(
            Score(session_id, seat.login, agent, points, note, console.clock())
        )
    return web.json_response({}, status=201)


async def replay(request: web.Request) -> web.Response:
    """``GET …/sessions/{id}/replay``: what the caller said to the machine, as a line for
    ``./hotline replay``, so that any talk can be held again as a test. Numbers and mail addresses
    are invented; a name or a place is for a person to take out before the line is kept."""
    console, seat = request.app[CONSOLE], request[SEAT]
    allow(seat.role, Deed.INSPECT)
    session_id = request.match_info["session_id"]
    async with console.store.begin() as records:
        await records.sessions.get(session_id)
        turns = await records.turns.since(session_id)
        await records.audit.add(Look(seat.login, "replay_taken", session_id, console.clock()))
    said = [
        invented(turn.text)
        for turn in turns
        if turn.speaker is Speaker.CALLER and turn.status != Status.WITH_AGENT.value
    ]
    line = json.dumps({"id": session_id, "turns": said}, ensure_ascii=False) + "\n"
    headers = {"Content-Disposition": 'attachment; filename="replay.jsonl"'}
    return web.Response(text=line, content_type="application/x-ndjson", headers=headers)


async def audit(request: web.Request) -> web.Response:
    """``GET /api/desk/audit?by=`` or ``?subject=``: who looked at what, newest first."""
    console: Console = request.app[CONSOLE]
    allow(request[SEAT].role, Deed.READ_AUDIT)
    by, subject = request.query.get("by", ""), request.query.get("subject", "")
    async with console.store.read() as records:
        if subject:
            looks = await records.audit.of(subject[:128])
        elif by:
            looks = await records.audit.by(by[:64])
        else:
            looks = await records.audit.newest()
    return web.json_response(
        {"looks": [plain(vars(look) | {"reason": mask(look.reason)}) for look in looks]}
    )


async def _inspected(records: Records, since: datetime) -> list[dict[str, Any]]:
    sessions = await records.contacts.talked(since)
    handoffs = {one.session_id: one for one in await records.handoffs.of(sessions)}
    scores: dict[str, list[Score]] = {}
    for one in await records.scores.of(sessions):
        scores.setdefault(one.session_id, []).append(one)
    return [
        await _one(records, session, handoffs.get(session), scores.get(session, []))
        for session in sessions
    ]


async def _one(
    records: Records, session_id: str, handoff: Handoff | None, scores: list[Score]
) -> dict[str, Any]:
    words = desk_words()
    turns = await records.turns.since(session_id)
    said = [_said(turn) for turn in turns]
    tickets = await records.tickets.listed(TicketFilter(session_id=session_id))
    accepted_at = handoff.accepted_at if handoff else None
    drafts = [draft_of(ticket.draft) for ticket in tickets]
    found = inspect(said, drafts, accepted_at, words.manners, words.ear)
    return plain(  # type: ignore[no-any-return]
        {
            "session_id": session_id,
            "agent": handoff.agent if handoff else None,
            "at": turns[0].at if turns else None,
            "turns": len(turns),
            "tickets": [ticket.ticket_no for ticket in tickets],
            "sampled": handoff is not None and _drawn(session_id),
            "findings": [vars(one) | {"evidence": mask(one.evidence)} for one in found],
            "scores": [vars(one) for one in scores],
        }
    )


def _said(turn: Turn) -> Said:
    voice = (turn.outcome or {}).get("voice") or {}
    return Said(turn.seq, turn.speaker.value, turn.text, turn.at, **voice)


def _drawn(session_id: str) -> bool:
    """Whether a talk is a sample: the same one always is, or never."""
    drawn = int.from_bytes(hashlib.sha256(session_id.encode()).digest()[:4], "big")
    return drawn / 2**32 < SAMPLE
