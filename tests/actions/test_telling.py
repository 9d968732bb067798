"""An answer for the ear: facts older than they may be are said with their date."""

from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace

import pytest

from actions.telling import spoken
from actions.wiring import phrases
from bot.clock import SHANGHAI
from knowledge_base.entry import Entry, Source

ENTRY = Entry(
    id="school",
    theme="试验",
    question="夜校几点开?",
    variants=("夜校时间",),
    answer="晚上7点",
    spoken=("晚上七点。",),
    unit="街道",
    area="广州市",
    source=(Source("公告", "第一段"),),
    as_of=date(2025, 12, 1),
    checked_at=date(2025, 12, 1),
    editor="li",
)


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        (date(2025, 12, 1), "晚上七点。"),
        (date(2020, 8, 28), "晚上七点。这是二零二零年八月的资料，请以最新的为准。"),
    ],
)
def test_old_facts_are_said_with_their_date(as_of: date, said: str) -> None:
    services = SimpleNamespace(
        words=phrases(), clock=lambda: datetime(2026, 11, 22, tzinfo=SHANGHAI)
    )
    assert spoken(replace(ENTRY, as_of=as_of), services) == said
