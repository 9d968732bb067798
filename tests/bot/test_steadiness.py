"""Steady: what was loaded is left alone by the collector, new garbage is still collected."""

import gc
import os
import sys
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.steadiness import give_back, steady


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


def test_what_is_free_between_what_is_kept_is_given_back() -> None:
    """Pieces of 64 kB, every hundredth kept: glibc alone gives none of the rest back."""
    pieces = [bytes(65_000) for _ in range(1500)]
    held = resident()
    kept = pieces[::100]
    del pieces
    give_back()
    assert len(kept) == 15
    assert resident() < held - 60 * 2**20


def test_what_refers_to_itself_is_given_back() -> None:
    steady()
    new = weakref.ref(Ring())
    assert new() is not None
    give_back()
    assert new() is None


def resident() -> int:
    """Bytes of this process in memory."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGESIZE")
