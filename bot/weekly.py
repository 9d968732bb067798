"""The week's questions that found no answer, gathered once when the week is over."""

from datetime import date, datetime, time, timedelta

from bot.clock import SHANGHAI
from bot.log import logger
from bot.missing import missing
from bot.rules.privacy import mask
from bot.store import Store, WeeklyGap

KEPT = 200  # matters of a week
WEEK = timedelta(days=7)

log = logger(__name__)


def monday(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


async def gather(store: Store, at: datetime) -> int:
    """Keep what was asked in vain in the week before ``at``'s; how many matters it was.

    Any number of workers may ask, also at once: the first to commit keeps the week.
    """
    week = monday(at.astimezone(SHANGHAI).date()) - WEEK
    async with store.read() as records:
        if week in await records.gaps.weeks():
            return 0
    start = datetime.combine(week, time(), SHANGHAI)
    found = [
        WeeklyGap(
            gap.question,
            gap.count,
            dict(gap.districts.most_common()),
            dict(gap.entries.most_common()),
            [_place(example.turn) for example in gap.examples],
        )
        for gap in (await missing(store, start, start + WEEK))[:KEPT]
    ]
    async with store.begin() as records:
        kept = await records.gaps.keep(week, found, at)
    if kept:
        log.info("gaps.gathered", week=week.isoformat(), matters=len(found))
    return len(found) if kept else 0


async def gathered(store: Store, week: date) -> list[tuple[WeeklyGap, list[str]]]:
    """The matters of a gathered week, each with its example turns as said, masked."""
    async with store.read() as records:
        found = await records.gaps.of(week)
        texts = await records.gaps.texts([one for gap in found for one in gap.examples])
    return [(gap, [mask(texts[one]) for one in gap.examples if one in texts]) for gap in found]


def _place(turn: str) -> tuple[str, int]:
    session_id, _, seq = turn.rpartition("/")
    return session_id, int(seq)
