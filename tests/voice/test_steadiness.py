"""Steady: what was loaded is left alone by the collector, new garbage is still collected."""

import gc
import os
import sys
import weakref
from collections.abc import Iterator

import pytest

from voice import steadiness
from voice.steadiness import steady


@pytest.fixture(autouse=True)
def restored(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A priority that was given up is not given back, so none is asked for here."""
    monkeypatch.setattr(steadiness, "_PRIORITY", os.getpriority(os.PRIO_PROCESS, 0))
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
    steady()


def test_what_is_there_is_frozen_and_new_rings_are_collected() -> None:
    steady()
    assert gc.get_freeze_count() > 1000
    new = weakref.ref(Ring())
    gc.collect()
    assert new() is None
