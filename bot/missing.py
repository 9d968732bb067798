"""What callers asked and did not get, from the turns: for editors, personal data masked."""

from datetime import datetime
from functools import cache

from bot.rules.privacy import mask
from bot.store import Store
from knowledge_base import loading
from knowledge_base.folding import Folding
from knowledge_base.gaps import Asked, Gap, gaps


async def missing(store: Store, start: datetime, end: datetime) -> list[Gap]:
    """The matters that the base lacks, the most asked first."""
    async with store.read() as records:
        turns = await records.turns.unanswered(start, end)
    asked = [
        Asked(
            mask(turn.text),
            turn.outcome["facts"]["gap"].get("district") if turn.outcome else None,
            f"{turn.session_id}/{turn.seq}",
        )
        for turn in turns
    ]
    return gaps(asked, _folding().fold)


@cache
def _folding() -> Folding:
    return Folding(loading.table("synonyms"))
