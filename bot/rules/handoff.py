"""转人工: why a caller goes to a person, how soon, and the states of a handoff. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import Any

from bot.rules.errors import Rejected


class Reason(str, Enum):
    """Why."""

    ASKED = "asked"
    ANGRY = "angry"
    MISUNDERSTOOD = "misunderstood"
    CRISIS = "crisis"
    EMERGENCY = "emergency"
    LOW_CONFIDENCE = "low_confidence"
    LANGUAGE = "language"
    POLICY = "policy"
    FAILURE = "failure"
    ENTERPRISE = "enterprise"


class Skill(str, Enum):
    """技能组: what the agent must be able to do."""

    MANDARIN = "mandarin"
    CANTONESE = "cantonese"
    ENGLISH = "english"
    ENTERPRISE = "enterprise"
    CRISIS = "crisis"


class HandoffStatus(str, Enum):
    """Where a handoff stands."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    CLOSED = "closed"
    ABANDONED = "abandoned"


# A smaller number is served first; crisis rings at once.
PRIORITIES: Mapping[Reason, int] = MappingProxyType(
    {
        Reason.CRISIS: 0,
        Reason.EMERGENCY: 1,
        Reason.POLICY: 2,
        Reason.ANGRY: 3,
        Reason.FAILURE: 3,
        Reason.ASKED: 4,
        Reason.MISUNDERSTOOD: 4,
        Reason.LANGUAGE: 4,
        Reason.ENTERPRISE: 4,
        Reason.LOW_CONFIDENCE: 5,
    }
)

# command -> (statuses it may come from, status it leads to)
TRANSITIONS: Mapping[str, tuple[frozenset[HandoffStatus], HandoffStatus]] = MappingProxyType(
    {
        "accept": (frozenset({HandoffStatus.WAITING}), HandoffStatus.ACCEPTED),
        "requeue": (frozenset({HandoffStatus.ACCEPTED}), HandoffStatus.WAITING),
        "close": (frozenset({HandoffStatus.ACCEPTED}), HandoffStatus.CLOSED),
        "abandon": (frozenset({HandoffStatus.WAITING}), HandoffStatus.ABANDONED),
    }
)


def next_status(status: HandoffStatus, command: str) -> HandoffStatus:
    """The status after the command; Rejected when the table does not hold it."""
    sources, to = TRANSITIONS[command]
    if status not in sources:
        raise Rejected(
            f"cannot {command} a handoff that is {status.value}",
            code="already_accepted" if command == "accept" else "not_in_table",
            field="status",
        )
    return to


@dataclass(frozen=True)
class Handoff:
    """One request for a person. ``priority`` smaller is sooner; ``returned`` puts it in front.

    ``draft`` is the report as far as filled, as JSON; ``summary`` three lines at most; ``promised``
    what an agent has promised. ``offered_to``: the colleague it is being transferred to, who has
    not taken it yet; ``guests``: colleagues who talk along (三方).
    """

    id: int
    session_id: str
    reason: Reason
    skill: Skill
    channel: str
    priority: int
    status: HandoffStatus
    summary: str
    requested_at: datetime
    draft: dict[str, Any] = field(default_factory=dict)
    agent: str | None = None
    accepted_at: datetime | None = None
    closed_at: datetime | None = None
    returned: bool = False
    offered_to: str | None = None
    guests: tuple[str, ...] = ()
    promised: str = ""

    def talks(self, agent: str) -> bool:
        """Whether this agent may speak to the caller: who has the session, or a guest."""
        return self.status is HandoffStatus.ACCEPTED and agent in (self.agent, *self.guests)
