"""What the editors have to do over HTTP: what was asked in vain, what helped, what has grown old.

Blocking work (searching, reading files) runs beside the event loop.
"""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from aiohttp import web

from bot.console.editing import Editing, editing_of
from bot.console.parts import CONSOLE
from bot.judging import MEMORY_DAYS
from bot.missing import missing
from bot.rules.errors import Rejected
from bot.store import Tally, WeeklyGap
from bot.weekly import KEPT, WEEK, gathered
from knowledge_base.entry import Entry

SHOWN = 3  # districts and entries of a matter


async def stale(request: web.Request) -> web.Response:
    """``GET …/stale``: entries that are expired or older than they may be; those that callers
    found of no use first, then the oldest."""
    editing, on = editing_of(request), request.app[CONSOLE].clock().date()
    told = await _tally(request)
    shelf = await asyncio.to_thread(lambda: editing.base().shelf)
    old = [e for e in shelf.entries if e.stale_on(on) or not e.served_on(on)]
    old.sort(key=lambda e: (-_of(told, e).unhelpful, e.as_of))
    rows = [_row(e, _of(told, e), on) for e in old]
    return web.json_response({"entries": rows, "files": sorted({e.file for e in shelf.entries})})


async def verdicts(request: web.Request) -> web.Response:
    """``GET …/verdicts``: entries that callers judged, those of the least use first."""
    editing, on = editing_of(request), request.app[CONSOLE].clock().date()
    told = await _tally(request)
    shelf = await asyncio.to_thread(lambda: editing.base().shelf)
    judged = [e for e in shelf.entries if e.id in told]
    judged.sort(key=lambda e: (-told[e.id].unhelpful, told[e.id].helpful, e.id))
    return web.json_response({"entries": [_row(e, told[e.id], on) for e in judged]})


async def unanswered(request: web.Request) -> web.Response:
    """``GET …/unanswered?week=``: what callers asked in vain in that week (its Monday), or in the
    last seven days; the most asked first, each with the entry that would answer it now.
    Rejected: no such date."""
    editing = editing_of(request)
    console, asked = request.app[CONSOLE], request.query.get("week", "")
    week = _day(asked) if asked else None
    if week is None:
        found = await missing(console.store, console.clock() - WEEK, console.clock())
        told = [
            (WeeklyGap(gap.question, gap.count, dict(gap.districts), dict(gap.entries), []),
             [example.text for example in gap.examples])
            for gap in found[:KEPT]
        ]  # fmt: skip
    else:
        told = await gathered(console.store, week)
    async with console.store.read() as records:
        weeks = await records.gaps.weeks()
    on = console.clock().date()
    questions = [gap.question for gap, _ in told]
    answers = await asyncio.to_thread(_answers, editing, questions, on)
    rows = [_gap(gap, texts, answer) for (gap, texts), answer in zip(told, answers, strict=True)]
    return web.json_response({"gaps": rows, "weeks": [one.isoformat() for one in weeks]})


def _answers(editing: Editing, questions: Sequence[str], on: date) -> list[str | None]:
    """The entries that answer these questions now."""
    base = editing.base()
    found = (base.find(question, on=on) for question in questions)
    return [one.entry.id if one.entry else None for one in found]


def _gap(gap: WeeklyGap, texts: Sequence[str], answer: str | None) -> dict[str, Any]:
    districts = sorted(gap.districts.items(), key=lambda pair: -pair[1])
    entries = sorted(gap.entries.items(), key=lambda pair: -pair[1])
    return {
        "question": gap.question,
        "count": gap.count,
        "districts": districts[:SHOWN],
        "entries": entries[:SHOWN],
        "examples": texts,
        "answered_by": None if answer in gap.entries else answer,
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Rejected("no date", code="field_malformed", field="week") from None


async def _tally(request: web.Request) -> dict[str, Tally]:
    """What callers said of each entry's answer in the last ``MEMORY_DAYS``."""
    console = request.app[CONSOLE]
    async with console.store.read() as records:
        return await records.verdicts.tally(console.clock() - timedelta(days=MEMORY_DAYS))


def _of(told: dict[str, Tally], entry: Entry) -> Tally:
    return told.get(entry.id, Tally())


def _row(entry: Entry, told: Tally, on: date) -> dict[str, Any]:
    return {
        "entry": entry.id,
        "question": entry.question,
        "as_of": entry.as_of.isoformat(),
        "served": entry.served_on(on),
        "helpful": told.helpful,
        "unhelpful": told.unhelpful,
    }
