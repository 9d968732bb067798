"""Entries that a second editor accepts or sends back, over HTTP.

Blocking work (reading files, publishing) runs beside the event loop.
"""

import asyncio
from dataclasses import asdict
from typing import Any

from aiohttp import web

from bot.console.editing import editing_of
from bot.console.parts import CONSOLE, SEAT, body, truth, word
from bot.console.publishing import LONGEST_ENTRY, changed, published
from bot.rules.errors import Rejected
from knowledge_base.editions import Edition
from knowledge_base.located import Refused
from knowledge_base.proposals import Proposal, Proposals, by_another


async def propose(request: web.Request) -> web.Response:
    """``POST …/proposals {file, yaml, why}``: for a second editor; or what stands against it."""
    editing, told = editing_of(request), await body(request)
    file, text = word(told, "file", most=80), word(told, "yaml", most=LONGEST_ENTRY)
    why, who = word(told, "why", most=500), request[SEAT].login
    at = request.app[CONSOLE].clock()

    def proposed() -> Proposal:
        editing.editions(at.date()).check({file: changed(editing, file, text)})
        return Proposals(editing.folder).add(file, text, who=who, why=why, at=at)

    try:
        proposal = await asyncio.to_thread(proposed)
    except Refused as refused:
        return web.json_response({"problems": [str(problem) for problem in refused.problems]})
    return web.json_response({"proposal": _row(proposal)})


async def listed(request: web.Request) -> web.Response:
    """``GET …/proposals``: what waits for a second editor, the longest first; and what was sent
    back to the one who asks."""
    proposals, who = Proposals(editing_of(request).folder), request[SEAT].login

    def rows() -> dict[str, list[dict[str, Any]]]:
        return {
            "proposals": [_row(one) for one in proposals.waiting()],
            "sent_back": [_row(one) for one in proposals.sent_back(who)],
        }

    return web.json_response(await asyncio.to_thread(rows))


async def put_aside(request: web.Request) -> web.Response:
    """``POST …/proposals/{number}/aside``: its author has read why it was sent back."""
    proposals, number = Proposals(editing_of(request).folder), int(request.match_info["number"])
    await asyncio.to_thread(proposals.put_aside, number, who=request[SEAT].login)
    return web.json_response({})


async def judge(request: web.Request) -> web.Response:
    """``POST …/proposals/{number} {accepted, why}``: published by a second editor, or sent back
    with the reason; its author withdraws it without one. Rejected: ``own_proposal``, accepted by
    the one who wrote it; ``field_missing``, no reason."""
    editing, told = editing_of(request), await body(request)
    number, accepted = int(request.match_info["number"]), truth(told, "accepted")
    proposals, reader = Proposals(editing.folder), request[SEAT].login
    at = request.app[CONSOLE].clock()
    proposal = await asyncio.to_thread(proposals.get, number)
    if not accepted and proposal.who == reader:
        await asyncio.to_thread(proposals.take, number)
        return web.json_response({})
    if not accepted:
        why = _reason(told)
        await asyncio.to_thread(proposals.send_back, number, who=reader, why=why, at=at)
        return web.json_response({})
    by_another(proposal, reader)

    def accept() -> Edition:
        text = changed(editing, proposal.file, proposal.yaml)
        edition = editing.editions(at.date()).publish(
            {proposal.file: text}, who=proposal.who, why=proposal.why, at=at, accepted_by=reader
        )
        proposals.take(number)
        return edition

    return await published(editing, accept)


def _reason(told: dict[str, Any]) -> str:
    """Why it is sent back: words for its author."""
    why = word(told, "why", most=500).strip()
    if not why:
        raise Rejected("say why it is sent back", code="field_missing", field="why")
    return why


def _row(proposal: Proposal) -> dict[str, Any]:
    back = proposal.back
    return asdict(proposal) | {
        "at": proposal.at.isoformat(),
        "back": back and asdict(back) | {"at": back.at.isoformat()},
    }
