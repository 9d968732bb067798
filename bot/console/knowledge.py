"""The editors' side of the knowledge base over HTTP: search as callers do, edit, publish, history.

Blocking work (searching, reading files, publishing) runs beside the event loop.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import date, timedelta
from difflib import unified_diff
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import yaml
from aiohttp import web

from bot.console.parts import CONSOLE, SEAT, body, number, word
from bot.console.roles import Deed, allow
from bot.missing import missing
from bot.rules.errors import NotFound, Rejected, Unavailable
from knowledge_base import loading, writing
from knowledge_base.editions import Edition, Editions
from knowledge_base.knowledge import KnowledgeBase
from knowledge_base.located import Problem, Refused, parse, plain
from knowledge_base.regression import Regression

MATCHES = 8
LONGEST_ENTRY = 60_000  # characters of an entry's YAML
LONGEST_SPOKEN = 500
WEEK_DAYS = 7


class Sound(Protocol):
    """A sentence as audio."""

    @property
    def mime(self) -> str: ...

    @property
    def data(self) -> bytes: ...


Speak = Callable[[str], Awaitable[Sound]]


class Editing:
    """The base of this process and its editions, opened when they are first asked for."""

    def __init__(self, folder: Path, speak: Speak | None) -> None:
        self.folder = folder
        self.speak = speak
        self._opening = Lock()

    @cached_property
    def _base(self) -> KnowledgeBase:
        return KnowledgeBase(self.folder)

    def base(self) -> KnowledgeBase:
        """The base that searches exactly as callers are searched for."""
        with self._opening:
            return self._base

    def editions(self, on: date) -> Editions:
        """The editions, with the gate of that day."""
        with self._opening:
            return Editions(self.folder, self._regression.gate(on))

    @cached_property
    def _regression(self) -> Regression:
        return Regression()

    def text(self, file: str) -> str:
        """A theme file's text. NotFound: there is none of that name."""
        path = self.folder / Path(file).name
        if path.suffix != ".yml" or not path.is_file():
            raise NotFound(f"there is no theme file {file}")
        return path.read_text(encoding="utf-8")


EDITING = web.AppKey("editing", Editing)


async def search(request: web.Request) -> web.Response:
    """``GET …/search?q=&district=``: what a caller would get, with the scores."""
    editing, on = _editing(request), request.app[CONSOLE].clock().date()
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
    editing, wanted = _editing(request), request.match_info["entry"]

    def found() -> dict[str, Any]:
        one = editing.base().entry(wanted)
        if one is None:
            raise NotFound(f"there is no entry {wanted}")
        raw = writing.entry_of(editing.text(one.file), one.file, wanted) or {}
        told = {"answer": one.answer, "spoken": list(one.spoken), "as_of": one.as_of.isoformat()}
        return {"file": one.file, "yaml": _written(raw), **told}

    return web.json_response(await asyncio.to_thread(found))


async def publish(request: web.Request) -> web.Response:
    """``POST …/publish {file, yaml, why}``: put one entry in force; or what stands against it."""
    editing, told = _editing(request), await body(request)
    file, text = word(told, "file", most=80), word(told, "yaml", most=LONGEST_ENTRY)
    why, who = word(told, "why", most=500), request[SEAT].login
    at = request.app[CONSOLE].clock()

    def published() -> Edition:
        raw = plain(parse(text, file))
        if not isinstance(raw, dict) or not isinstance(raw.get("id"), str):
            raise Refused([Problem(file, 1, "id", "is missing")])
        changed = writing.put(editing.text(file), file, raw)
        return editing.editions(at.date()).publish({file: changed}, who=who, why=why, at=at)

    return await _published(editing, published)


async def rollback(request: web.Request) -> web.Response:
    """``POST …/rollback {edition, why}``: what stood before that edition, in force again."""
    editing, told = _editing(request), await body(request)
    edition, why = number(told, "edition"), word(told, "why", most=500)
    if edition is None:
        raise Rejected("which edition?", code="field_missing", field="edition")
    who, at = request[SEAT].login, request.app[CONSOLE].clock()

    def published() -> Edition:
        return editing.editions(at.date()).rollback(edition, who=who, why=why, at=at)

    return await _published(editing, published)


async def history(request: web.Request) -> web.Response:
    """``GET …/history``: every edition, the newest first."""
    editions = await asyncio.to_thread(Editions(_editing(request).folder).history)
    return web.json_response({"editions": [_edition(one) for one in editions]})


async def differences(request: web.Request) -> web.Response:
    """``GET …/history/{edition}``: its files, line by line."""
    edition = int(request.match_info["edition"])
    texts = await asyncio.to_thread(Editions(_editing(request).folder).texts, edition)
    lines = [
        line
        for name, (before, after) in texts.items()
        for line in unified_diff(
            (before or "").splitlines(), (after or "").splitlines(), name, name, lineterm="", n=2
        )
    ]
    return web.json_response({"lines": lines})


async def stale(request: web.Request) -> web.Response:
    """``GET …/stale``: entries that are expired or older than they may be, the oldest first."""
    editing, on = _editing(request), request.app[CONSOLE].clock().date()
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
    _editing(request)
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
    editing = _editing(request)
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


def _editing(request: web.Request) -> Editing:
    allow(request[SEAT].role, Deed.EDIT_KNOWLEDGE)
    return request.app[EDITING]


async def _published(editing: Editing, work: Callable[[], Edition]) -> web.Response:
    """The edition, or every problem with file, line and field; nothing was changed then."""
    try:
        edition = await asyncio.to_thread(work)
    except Refused as refused:
        return web.json_response({"problems": [str(problem) for problem in refused.problems]})
    await asyncio.to_thread(lambda: editing.base().refresh())
    return web.json_response({"edition": _edition(edition)})


def _edition(edition: Edition) -> dict[str, Any]:
    return asdict(edition) | {"at": edition.at.isoformat()}


def _written(raw: dict[str, Any]) -> str:
    return yaml.safe_dump(raw, allow_unicode=True, sort_keys=False, width=10_000)
