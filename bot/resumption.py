"""The offer to go on with a report that the caller's last call broke off."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import yaml

from bot.rules.numbers import phone
from bot.rules.resuming import again, wanted
from bot.rules.session import Channel, Speaker, Status
from bot.store import Missed, Records, Session

LATEST_TURN = 8  # of a call, before which the offer may still be answered
OPEN = frozenset({Status.CLARIFIED.value, Status.GREETED.value})  # what leaves it unanswered
PATH = Path(__file__).parent / "dialogue" / "resuming.yml"


@dataclass(frozen=True)
class Kept:
    """What is kept of the last call: its entry among the missed, and what was said in it."""

    entry: Missed
    said: str


async def kept(records: Records, session: Session, at: datetime) -> Kept | None:
    """A broken-off report of this number, on the phone only; None where nothing is kept."""
    number = phone(session.caller or "", expected=True)
    if session.channel is not Channel.PHONE or number is None:
        return None
    entry = await records.missed.kept_for(number, at)
    if entry is None or entry.session_id == session.id:
        return None
    turns = await records.turns.since(entry.session_id)
    told = again(
        [t.text for t in turns if t.speaker is Speaker.CALLER and t.status == Status.ASKED.value]
    )
    return Kept(entry, told) if told else None


async def take_up(records: Records, session: Session, text: str, at: datetime) -> str | None:
    """What the caller's first understood words mean after the offer: the report again, or no
    report ("").

    None where nothing was offered, or where they speak of something else: the offer stays.
    """
    if session.channel is not Channel.PHONE or not await _is_open(records, session):
        return None
    offered = await kept(records, session, at)
    if offered is None:
        return None
    answer = wanted(text, *_answers())
    if answer is None:
        return None
    await records.missed.change(offered.entry.id, status="returned", done_at=at)
    return offered.said if answer else ""


async def _is_open(records: Records, session: Session) -> bool:
    """Whether the caller has told no matter yet: not understood so far, or only a greeting."""
    turns = await records.turns.since(session.id, limit=LATEST_TURN)
    said = [turn for turn in turns if turn.speaker is Speaker.CALLER]
    unanswered = all(turn.status in OPEN for turn in said[:-1])
    return len(turns) < LATEST_TURN and unanswered


@cache
def _answers() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    lists = yaml.safe_load(PATH.read_text("utf-8"))
    return frozenset(lists["taken"]), frozenset(lists["declined"]), frozenset(lists["fillers"])
