"""Putting entries in force over HTTP: publish, roll back, and what was published before.

Blocking work (reading files, publishing) runs beside the event loop.
"""

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from difflib import unified_diff
from typing import Any

from aiohttp import web

from bot.console.editing import Editing, editing_of
from bot.console.parts import CONSOLE, SEAT, body, number, word
from bot.rules.errors import Rejected
from knowledge_base import writing
from knowledge_base.editions import Edition, Editions
from knowledge_base.located import Problem, Refused, parse, plain

LONGEST_ENTRY = 60_000  # characters of an entry's YAML


async def publish(request: web.Request) -> web.Response:
    """``POST …/publish {file, yaml, why}``: put one entry in force; or what stands against it.
    Rejected, ``review_needed``: where every change is read by a second editor."""
    editing, told = editing_of(request), await body(request)
    if request.app[CONSOLE].reviewed:
        raise Rejected("a second editor accepts it first", code="review_needed")
    file, text = word(told, "file", most=80), word(told, "yaml", most=LONGEST_ENTRY)
    why, who = word(told, "why", most=500), request[SEAT].login
    at = request.app[CONSOLE].clock()

    def work() -> Edition:
        files = {file: changed(editing, file, text)}
        return editing.editions(at.date()).publish(files, who=who, why=why, at=at)

    return await published(editing, work)


async def rollback(request: web.Request) -> web.Response:
    """``POST …/rollback {edition, why}``: what stood before that edition, in force again."""
    editing, told = editing_of(request), await body(request)
    edition, why = number(told, "edition"), word(told, "why", most=500)
    if edition is None:
        raise Rejected("which edition?", code="field_missing", field="edition")
    who, at = request[SEAT].login, request.app[CONSOLE].clock()

    def work() -> Edition:
        return editing.editions(at.date()).rollback(edition, who=who, why=why, at=at)

    return await published(editing, work)


async def history(request: web.Request) -> web.Response:
    """``GET …/history``: every edition, the newest first."""
    editions = await asyncio.to_thread(Editions(editing_of(request).folder).history)
    return web.json_response({"editions": [_edition(one) for one in editions]})


async def differences(request: web.Request) -> web.Response:
    """``GET …/history/{edition}``: its files, line by line."""
    edition = int(request.match_info["edition"])
    texts = await asyncio.to_thread(Editions(editing_of(request).folder).texts, edition)
    lines = [
        line
        for name, (before, after) in texts.items()
        for line in unified_diff(
            (before or "").splitlines(), (after or "").splitlines(), name, name, lineterm="", n=2
        )
    ]
    return web.json_response({"lines": lines})


def changed(editing: Editing, file: str, text: str) -> str:
    """A theme file's text with this entry in it. Raises ``Refused``; NotFound: no such file."""
    raw = plain(parse(text, file))
    if not isinstance(raw, dict) or not isinstance(raw.get("id"), str):
        raise Refused([Problem(file, 1, "id", "is missing")])
    return writing.put(editing.text(file), file, raw)


async def published(editing: Editing, work: Callable[[], Edition]) -> web.Response:
    """The edition, or every problem with file, line and field; nothing was changed then."""
    try:
        edition = await asyncio.to_thread(work)
    except Refused as refused:
        return web.json_response({"problems": [str(problem) for problem in refused.problems]})
    await asyncio.to_thread(lambda: editing.base().refresh())
    return web.json_response({"edition": _edition(edition)})


def _edition(edition: Edition) -> dict[str, Any]:
    return asdict(edition) | {"at": edition.at.isoformat()}
