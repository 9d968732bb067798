"""A caller's numbers: masked for everybody, shown to who has the caller and says why.

A look lasts as long as a talk may; with Redis gone it has to be asked for again.
"""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.console.handoffs import may_watch
from bot.console.parts import CONSOLE, SEAT, Console, body, word
from bot.console.sight import SEEN_SECONDS, seen_key
from bot.rules.errors import Rejected
from bot.rules.privacy import unmask
from bot.rules.session import Speaker
from bot.store import Look


async def look(request: web.Request) -> web.Response:
    """``POST …/sessions/{session_id}/numbers {reason}``: from now on in clear; recorded."""
    console, seat, told = request.app[CONSOLE], request[SEAT], await body(request)
    session_id = request.match_info["session_id"]
    if not await may_watch(console, seat, session_id):
        raise Rejected("this conversation is another's", code="not_yours", field="session_id")
    reason = word(told, "reason", most=200).strip()
    if not reason:
        raise Rejected("say why", code="missing", field="reason")
    async with console.store.begin() as records:
        at = console.clock()
        await records.audit.add(Look(seat.login, "numbers_seen", session_id, at, reason))
    await console.live.set(seen_key(seat.login, session_id), "1", seconds=SEEN_SECONDS)
    return web.json_response({})


async def filled(console: Console, handoff_id: int, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What an agent fills in, with the masked numbers that it came with put back: those of the
    draft and of the caller's words."""
    if not any("*" in value for value in fields.values() if isinstance(value, str)):
        return dict(fields)
    async with console.store.read() as records:
        handoff = await records.handoffs.get(handoff_id)
        turns = await records.turns.since(handoff.session_id)
    known = [value for value in handoff.draft.values() if isinstance(value, str)]
    known += [turn.text for turn in turns if turn.speaker is Speaker.CALLER]
    source = "\n".join(known)
    return {
        name: unmask(value, source) if isinstance(value, str) else value
        for name, value in fields.items()
    }
