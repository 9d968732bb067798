"""A week's questions without an answer are gathered once, however many workers ask."""

import asyncio
from datetime import date, timedelta

from bot.rules.session import Channel, Speaker
from bot.store import Store, WeeklyGap
from bot.weekly import gather, gathered
from tests.bot.conftest import MONDAY

LAST = date(2026, 11, 16)


async def asked(store: Store, *turns: tuple[str, float]) -> None:
    """Questions of session ``s1`` that the base did not know, so many hours before Monday."""
    outcome = {"facts": {"gap": {"kind": "unknown"}, "district": "天河区"}}
    async with store.begin() as records:
        await records.sessions.begin("s1", Channel.WEB, None, MONDAY)
        for text, hours in turns:
            at = MONDAY.replace(hour=0) - timedelta(hours=hours)
            await records.turns.add(
                "s1", Speaker.CALLER, text, at, status="clarified", outcome=outcome
            )


async def test_many_workers_keep_a_week_once(store: Store) -> None:
    await asked(
        store,
        ("怎么考导游证,我电话13812345678", 1),
        ("怎么考导游证", 167),
        ("这周的问题", -1),
        ("上上周的问题", 169),
    )
    kept = await asyncio.gather(*(gather(store, MONDAY) for _ in range(4)))
    assert sorted(kept) == [0, 0, 0, 1]
    await asked(store, ("又来一个迟到的问题", 1))
    assert await gather(store, MONDAY + timedelta(days=6, hours=14)) == 0
    ((gap, examples),) = await gathered(store, LAST)
    assert gap == WeeklyGap("怎么考导游证", 2, {"天河区": 2}, {}, [("s1", 2), ("s1", 1)])
    assert examples[0] == "怎么考导游证"
    assert "13812345678" not in examples[1]
    async with store.read() as records:
        assert await records.gaps.weeks() == [LAST]


async def test_what_is_forgotten_is_no_example(store: Store) -> None:
    await asked(store, ("怎么考导游证", 5))
    await gather(store, MONDAY)
    async with store.begin() as records:
        await records.forgetting.session("s1")
    ((gap, examples),) = await gathered(store, LAST)
    assert (gap.count, examples) == (1, [])


async def test_a_week_without_gaps_is_a_week(store: Store) -> None:
    assert await gather(store, MONDAY) == 0
    assert await gathered(store, LAST) == []
    async with store.read() as records:
        assert await records.gaps.weeks() == [LAST]
