"""What callers asked and got no answer to, or none that helped: for editors, masked."""

import asyncio
from datetime import datetime
from functools import cache

from bot.rules.privacy import mask
from bot.store import UNHELPFUL, Store, Turn
from knowledge_base import loading
from knowledge_base.folding import Folding
from knowledge_base.gaps import Asked, Gap, gaps


async def missing(store: Store, start: datetime, end: datetime) -> list[Gap]:
    """The matters that the base lacks, the most asked first."""
    async with store.read() as records:
        turns = await records.turns.unanswered(start, end)
    asked = [_asked(turn) for turn in turns]
    return await asyncio.to_thread(gaps, asked, _folding().fold)


def _asked(turn: Turn) -> Asked:
    facts = (turn.outcome or {}).get("facts", {})
    place = facts.get("district") or facts.get("gap", {}).get("district")
    entry = facts.get("entry") if turn.gap == UNHELPFUL else None
    return Asked(mask(turn.text), place, f"{turn.session_id}/{turn.seq}", entry)


@cache
def _folding() -> Folding:
    return Folding(loading.table("synonyms"))
