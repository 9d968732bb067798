"""The floor in figures: how soon callers were answered, what the machine kept, what it missed.

Pure. GB/T 33358-2016: a phone call is answered within 15 seconds, 95 % of them; other media within
3 minutes. Containment is true only where the caller did not come back within 24 hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules.handoff import Handoff, HandoffStatus

PHONE_SECONDS, OTHER_SECONDS = 15.0, 180.0
AGAIN = timedelta(hours=24)


@dataclass(frozen=True)
class Connection:
    """How soon callers of a medium were answered. ``share`` None: nobody asked yet."""

    asked: int
    in_time: int
    answered: int
    abandoned: int

    @property
    def share(self) -> float | None:
        """Of those whose time is over or who were answered, how many in time."""
        return self.in_time / self.asked if self.asked else None


def connected(handoffs: Iterable[Handoff], at: datetime, *, phone: bool) -> Connection:
    """Of one medium. Who has waited for less than the limit counts for nothing yet."""
    limit = PHONE_SECONDS if phone else OTHER_SECONDS
    asked = in_time = answered = abandoned = 0
    for one in handoffs:
        if (one.channel == "phone") is not phone:
            continue
        until = one.accepted_at or one.closed_at or at
        waited = (until - one.requested_at).total_seconds()
        if one.status is HandoffStatus.WAITING and waited < limit:
            continue
        asked += 1
        answered += one.accepted_at is not None
        in_time += one.accepted_at is not None and waited <= limit
        abandoned += one.status is HandoffStatus.ABANDONED
    return Connection(asked, in_time, answered, abandoned)


@dataclass(frozen=True)
class Contact:
    """A session: who called (None where that is not known), when, and whether a person took it."""

    caller: str | None
    begun_at: datetime
    handed: bool


@dataclass(frozen=True)
class Containment:
    """What the machine kept to itself. ``again`` of those came back within 24 hours."""

    sessions: int
    kept: int
    again: int

    @property
    def share(self) -> float | None:
        """True containment: kept, and not back."""
        return (self.kept - self.again) / self.sessions if self.sessions else None


def contained(contacts: Sequence[Contact]) -> Containment:
    """Of sessions in the order they began; a caller who is not known cannot be seen again."""
    kept = [one for one in contacts if not one.handed]
    again = 0
    for one in kept:
        again += one.caller is not None and any(
            other.caller == one.caller and one.begun_at < other.begun_at <= one.begun_at + AGAIN
            for other in contacts
        )
    return Containment(len(contacts), len(kept), again)
