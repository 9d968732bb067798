"""Steady: what was loaded is left alone by the collector, new garbage is still collected."""

import gc
import sys
import weakref
from collections.abc import Iterator

import pytest

from voice.steadiness import steady


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


def test_what_is_there_is_frozen_and_new_rings_are_collected() -> None:
    steady()
    assert gc.get_freeze_count() > 1000
    new = weakref.ref(Ring())
    gc.collect()
    assert new() is None
