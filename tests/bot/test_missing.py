"""What callers asked and did not get, read back from the turns."""

from datetime import timedelta

from bot.missing import missing
from bot.rules.session import Channel, Speaker
from bot.store import Store
from tests.bot.conftest import MONDAY


async def test_a_weeks_gaps_are_brought_together_and_masked(store: Store) -> None:
    unknown = {"facts": {"gap": {"kind": "unknown", "district": "天河区"}}}
    turns = [
        ("怎么考导游证", unknown, MONDAY),
        ("导游证怎么考,我电话13812345678", unknown, MONDAY),
        ("停水了", {"facts": {"entry": "water-outage"}}, MONDAY),
        ("怎么考导游证", unknown, MONDAY - timedelta(days=8)),
    ]
    async with store.begin() as records:
        await records.sessions.begin("s1", Channel.WEB, None, MONDAY)
        for number, (text, outcome, at) in enumerate(turns):
            name = f"u{number}"
            await records.turns.add("s1", Speaker.CALLER, text, at, utterance_id=name)
            await records.turns.close("s1", name, status="clarified", outcome=outcome)
    (gap,) = await missing(store, MONDAY - timedelta(days=7), MONDAY + timedelta(hours=1))
    assert (gap.question, gap.count, gap.districts) == ("怎么考导游证", 2, {"天河区": 2})
    assert "13812345678" not in str(gap)


async def test_an_answer_that_did_not_help_leaves_its_question_open(store: Store) -> None:
    answered = {"facts": {"entry": "guide-card", "district": "越秀区"}}
    async with store.begin() as records:
        await records.sessions.begin("s1", Channel.WEB, None, MONDAY)
        await records.turns.add("s1", Speaker.CALLER, "怎么考导游证", MONDAY, utterance_id="u1")
        await records.turns.close("s1", "u1", status="answered", outcome=answered)
        await records.turns.judged("s1", "guide-card", helpful=False)
    (gap,) = await missing(store, MONDAY, MONDAY + timedelta(hours=1))
    assert (gap.question, gap.entries, gap.districts) == (
        "怎么考导游证",
        {"guide-card": 1},
        {"越秀区": 1},
    )
    async with store.begin() as records:
        await records.forgetting.session("s1")
    assert await missing(store, MONDAY, MONDAY + timedelta(hours=1)) == []
