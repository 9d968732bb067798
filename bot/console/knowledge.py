"""The editors' view of the knowledge base over HTTP: search as callers do, entries.

Blocking work (searching, reading files) runs beside the event loop.
"""

import asyncio
from dataclasses import asdict
from typing import Any

import yaml
from aiohttp import web

from bot.console.editing import EDITING, Editing, Speak, editing_of
from bot.console.feedback import stale, unanswered, verdicts
from bot.console.parts import CONSOLE, SEAT
from bot.console.publishing import differences, history, publish, rollback
from bot.console.reviewing import judge, listed, propose, put_aside
from bot.rules.errors import NotFound, Unavailable
from bot.rules.privacy import mask
from bot.store import Trial
from knowledge_base import writing
from knowledge_base.answering import Finding

MATCHES = 8
TRIALS = 30
LONGEST_SPOKEN = 500


async def search(request: web.Request) -> web.Response:
    """``GET …/search?q=&district=``: what a caller would get, with the scores; it is noted."""
    editing, console = editing_of(request), request.app[CONSOLE]
    at = console.clock()
    on = at.date()
    question, district = request.query.get("q", "")[:500], request.query.get("district") or None

    def tried() -> tuple[Trial, dict[str, Any]]:
        base = editing.base()
        base.refresh()
        finding = base.find(question, on=on, district=district)
        matches = base.search(question, on=on, district=district, count=MATCHES)
        first, sure = _id(finding), round(finding.confidence, 3)
        who, asked = request[SEAT].login, mask(question)
        return Trial(at, who, asked, district, finding.kind, first, sure), {
            "kind": finding.kind,
            "entry": first,
            "confidence": sure,
            "ask": finding.ask,
            "matches": [
                {"entry": m.entry.id, "question": m.entry.question, "score": m.score}
                for m in matches
            ],
            "trouble": base.trouble,
        }

    trial, told = await asyncio.to_thread(tried)
    if question.strip():
        async with console.store.begin() as records:
            await records.trials.add(trial)
    return web.json_response(told)


async def trials(request: web.Request) -> web.Response:
    """``GET …/trials``: what editors tried last, and what would come of it now."""
    editing, console = editing_of(request), request.app[CONSOLE]
    on = console.clock().date()
    async with console.store.read() as records:
        last = await records.trials.last(TRIALS)

    def rows() -> list[dict[str, Any]]:
        base = editing.base()
        found = [base.find(trial.question, on=on, district=trial.district) for trial in last]
        return [
            asdict(trial)
            | {"at": trial.at.isoformat(), "now": {"kind": one.kind, "entry": _id(one)}}
            for trial, one in zip(last, found, strict=True)
        ]

    return web.json_response({"trials": await asyncio.to_thread(rows)})


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


async def listen(request: web.Request) -> web.Response:
    """``GET …/spoken?text=``: the spoken form as callers hear it. Unavailable: no voice."""
    editing = editing_of(request)
    if editing.speak is None:
        raise Unavailable("there is no voice")
    sound = await editing.speak(request.query.get("text", "")[:LONGEST_SPOKEN])
    return web.Response(body=sound.data, content_type=sound.mime.partition(";")[0])


def add_knowledge(app: web.Application, speak: Speak | None) -> None:
    """Serve the editors' API under ``/api/desk/knowledge``."""
    shelf = app[CONSOLE].shelf
    app[EDITING] = Editing(shelf.folder, speak, shelf.vectors)
    at = "/api/desk/knowledge"
    app.router.add_routes(
        [
            web.get(f"{at}/search", search),
            web.get(f"{at}/trials", trials),
            web.get(f"{at}/entries/{{entry}}", entry),
            web.post(f"{at}/publish", publish),
            web.post(f"{at}/rollback", rollback),
            web.get(f"{at}/proposals", listed),
            web.post(f"{at}/proposals", propose),
            web.post(f"{at}/proposals/{{number:\\d{{1,6}}}}", judge),
            web.post(f"{at}/proposals/{{number:\\d{{1,6}}}}/aside", put_aside),
            web.get(f"{at}/history", history),
            web.get(f"{at}/history/{{edition:\\d{{1,6}}}}", differences),
            web.get(f"{at}/stale", stale),
            web.get(f"{at}/verdicts", verdicts),
            web.get(f"{at}/unanswered", unanswered),
            web.get(f"{at}/spoken", listen),
        ]
    )


def _written(raw: dict[str, Any]) -> str:
    return yaml.safe_dump(raw, allow_unicode=True, sort_keys=False, width=10_000)


def _id(finding: Finding) -> str | None:
    """The entry that answers."""
    return finding.entry.id if finding.entry else None
