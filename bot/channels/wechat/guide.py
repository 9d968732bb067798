"""``/api/wechat/guide``: the knowledge base for who would rather read."""

import asyncio
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web

from bot.channels.wechat.entrance import DOOR
from bot.rules.errors import Rejected
from knowledge_base.entry import Entry

QUESTION_CHARACTERS = 200
HOT = Path(__file__).with_name("hot.yml")
SEARCHES_A_MINUTE = 60


@cache
def hot() -> tuple[str, ...]:
    """The questions that are asked most."""
    return tuple(yaml.safe_load(HOT.read_text(encoding="utf-8")))


async def search(request: web.Request) -> web.Response:
    """``GET guide?q=…``: the best entries, each with source and date; without q what is asked
    most. No token: it says what is public."""
    door = request.app[DOOR]
    question = request.query.get("q", "").strip()
    if len(question) > QUESTION_CHARACTERS:
        raise Rejected("question too long", code="text_too_long", field="q")
    if not question:
        return web.json_response({"hot": list(hot()), "entries": []})
    knowledge = await asyncio.to_thread(door.knowledge)
    on = door.clock().date()
    matches = await asyncio.to_thread(knowledge.search, question, on=on, count=8)
    finding = await asyncio.to_thread(knowledge.find, question, on=on)
    entries = [shown(match.entry) for match in matches]
    answer = shown(finding.entry) if finding.kind == "answered" and finding.entry else None
    return web.json_response({"answer": answer, "entries": entries})


def shown(entry: Entry) -> dict[str, Any]:
    """An entry as a page shows it."""
    return {
        "id": entry.id,
        "question": entry.question,
        "answer": entry.answer,
        "steps": list(entry.steps),
        "materials": list(entry.materials),
        "phone": list(entry.phone),
        "unit": entry.unit,
        "source": [source.document for source in entry.source],
        "as_of": entry.as_of.isoformat(),
    }
