"""The editors' view of the knowledge base over HTTP: search as callers do, entries, what is amiss.

Blocking work (searching, reading files) runs beside the event loop.
"""

import asyncio
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import yaml
from aiohttp import web

from bot.console.editing import EDITING, Editing, Speak, editing_of
from bot.console.parts import CONSOLE
from bot.console.publishing import differences, history, publish, rollback
from bot.missing import missing
from bot.rules.errors import NotFound, Unavailable
from knowledge_base import loading, writing

MATCHES = 8
LONGEST_SPOKEN = 500
WEEK_DAYS = 7


async def search(request: web.Request) -> web.Response:
    """``GET …/search?q=&district=``: what a caller would get, with the scores."""
    editing, on = editing_of(request), request.app[CONSOLE].clock().date()
    question, district = request.query.get("q", "")[:500], request.query.get("district") or None

    def found() -> dict[str, Any]:
        base = editing.base()
        base.refresh()
        finding = base.find(question, on=on, district=district)
        matches = base.search(question, on=on, district=district, count=MATCHES)
        return {
            "kind": finding.kind,
            "entry": finding.entry.id if finding.entry else None,
            "confidence": round(finding.confidence, 3),
            "ask": finding.ask,
            "matches": [
                {"entry": m.entry.id, "question": m.entry.question, "score": m.score}
                for m in matches
            ],
            "trouble": base.trouble,
        }

    return web.json_response(await asyncio.to_thread(found))


async def entry(request: web.Request) -> web.Response:
    """``GET …/entries/{entry}``: an entry as its file has it, and as callers get it."""
    editing, wanted = editing_of(request), request.match_info["entry"]

    def found() -> dict[str, Any]:
        one = editing.base().entry(wanted)
        if one is None:
            raise NotFound(f"there is no entry {wanted}")
        raw = writing.entry_of(editing.text(one.file), one.file, wanted) or {}
        told = {"answer": one.answer, "spoken": list(one.spoken), "as_of": one.as_of.isoformat()}
        return {"file": one.file, "yaml": _written(raw), **told}

    return web.json_response(await asyncio.to_thread(found))


async def stale(request: web.Request) -> web.Response:
    """``GET …/stale``: entries that are expired or older than they may be, the oldest first."""
    editing, on = editing_of(request), request.app[CONSOLE].clock().date()
    shelf = await asyncio.to_thread(lambda: editing.base().shelf)
    old = [e for e in shelf.entries if e.stale_on(on) or not e.served_on(on)]
    rows = [
        {
            "entry": e.id,
            "question": e.question,
            "as_of": e.as_of.isoformat(),
            "served": e.served_on(on),
        }
        for e in sorted(old, key=lambda e: e.as_of)
    ]
    return web.json_response({"entries": rows, "files": sorted({e.file for e in shelf.entries})})


async def unanswered(request: web.Request) -> web.Response:
    """``GET …/unanswered``: what callers asked this week and did not get, the most asked first."""
    editing_of(request)
    console = request.app[CONSOLE]
    found = await missing(
        console.store, console.clock() - timedelta(days=WEEK_DAYS), console.clock()
    )
    rows = [
        {
            "question": gap.question,
            "count": gap.count,
            "districts": gap.districts.most_common(3),
            "examples": [asdict(example) for example in gap.examples],
        }
        for gap in found
    ]
    return web.json_response({"gaps": rows})


async def listen(request: web.Request) -> web.Response:
    """``GET …/spoken?text=``: the spoken form as callers hear it. Unavailable: no voice."""
    editing = editing_of(request)
    if editing.speak is None:
        raise Unavailable("there is no voice")
    sound = await editing.speak(request.query.get("text", "")[:LONGEST_SPOKEN])
    return web.Response(body=sound.data, content_type=sound.mime.partition(";")[0])


def add_knowledge(app: web.Application, speak: Speak | None) -> None:
    """Serve the editors' API under ``/api/desk/knowledge``."""
    app[EDITING] = Editing(loading.ENTRIES, speak)
    at = "/api/desk/knowledge"
    app.router.add_routes(
        [
            web.get(f"{at}/search", search),
            web.get(f"{at}/entries/{{entry}}", entry),
            web.post(f"{at}/publish", publish),
            web.post(f"{at}/rollback", rollback),
            web.get(f"{at}/history", history),
            web.get(f"{at}/history/{{edition:\\d{{1,6}}}}", differences),
            web.get(f"{at}/stale", stale),
            web.get(f"{at}/unanswered", unanswered),
            web.get(f"{at}/spoken", listen),
        ]
    )


def _written(raw: dict[str, Any]) -> str:
    return yaml.safe_dump(raw, allow_unicode=True, sort_keys=False, width=10_000)
