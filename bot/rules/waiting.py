"""How long a caller in the queue will wait, said honestly: a range, or that nobody can tell. Pure.

GB/T 33358-2016 asks for an answer within 15 seconds on the phone and 3 minutes elsewhere; what is
told to a caller is what the desk's last hour supports, never the standard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

LEAST_TALKS = 3  # talks of the last hour below which nothing is promised
MOST_MINUTES = 120
SPREAD = 0.5  # half as much again may be added


@dataclass(frozen=True)
class Wait:
    """A range of minutes. ``soon``: an agent is free for this caller now."""

    low: int
    high: int

    @property
    def soon(self) -> bool:
        """Whether it is a matter of moments."""
        return self.high <= 1


def estimate(place: int, free: int, serving: int, talk_seconds: Sequence[float]) -> Wait | None:
    """The wait of the caller at ``place`` (1 is next); None when it cannot be told.

    ``free`` agents could take somebody now, ``serving`` are at work with the skill;
    ``talk_seconds`` are how long the last hour's talks took.
    """
    if place <= free:
        return Wait(0, 1)
    if serving < 1 or len(talk_seconds) < LEAST_TALKS:
        return None
    middle = sorted(talk_seconds)[len(talk_seconds) // 2]
    minutes = (place - free) * middle / serving / 60
    low, high = max(1, ceil(minutes)), max(2, ceil(minutes * (1 + SPREAD)))
    return Wait(low, high) if high <= MOST_MINUTES else None
