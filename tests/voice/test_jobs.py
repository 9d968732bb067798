"""A call's jobs: whatever happens to the call, nothing of them is left behind."""

import asyncio
import gc

import pytest

from bot.clock import now
from tests.voice.fakes import Beep, Talk, Words
from voice.jobs import Jobs
from voice.legs.file import FileLeg
from voice.player import Player
from voice.service import Service
from voice.signals import Answered, Begin, Event


def jobs(talk: Talk, posted: list[Event]) -> Jobs:
    service = Service(talk, Words(), Beep(), now)
    player = Player(8000, posted.append)
    return Jobs(FileLeg("call", []), service, player, posted.append, recorded=False)


async def test_a_job_ends_with_one_event() -> None:
    posted: list[Event] = []
    made = jobs(Talk(), posted)
    async with asyncio.TaskGroup() as group:
        made.begin(Begin(1), group)
        assert made.under_way
    assert [type(event) for event in posted] == [Answered]
    assert not made.under_way


async def test_a_call_that_ends_as_a_job_begins_leaves_nothing_behind(
    recwarn: pytest.WarningsRecorder,
) -> None:
    posted: list[Event] = []
    made = jobs(Talk(), posted)
    async with asyncio.TaskGroup() as group:
        made.begin(Begin(1), group)
        made.cancel()
    gc.collect()
    assert not posted
    assert not made.under_way
    assert not [str(warning.message) for warning in recwarn]
