"""Steady: what was loaded is left alone by the collector, new garbage is still collected."""

import gc
import os
import sys
import weakref
from collections.abc import Iterator

import pytest

from bot.steadiness import steady


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    thresholds, seconds = gc.get_threshold(), sys.getswitchinterval()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)
    sys.setswitchinterval(seconds)


class Ring:
    """Refers to itself."""

    def __init__(self) -> None:
        self.me = self


def test_who_may_not_have_priority_goes_without(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*wish: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", refuse)
    steady(priority=os.getpriority(os.PRIO_PROCESS, 0))


def test_what_is_there_is_frozen_and_new_rings_are_collected() -> None:
    steady(priority=os.getpriority(os.PRIO_PROCESS, 0))
    assert gc.get_freeze_count() > 1000
    new = weakref.ref(Ring())
    gc.collect()
    assert new() is None
