"""工单: what a ticket is, and the one table of what may become of it.

Pure data and rules. A command that is not in ``TRANSITIONS`` for the status a ticket is in is
refused; nothing changes a status past this table. The five steps are Zengcheng's (S4: duty,
transfer within 15 minutes, supervision, reply, call-back); the side paths are those of
国办函〔2025〕66号 (merge repeated matters, review of objections, lead and co units).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from types import MappingProxyType

from bot.rules.errors import Rejected
from bot.rules.privacy import mask_name, mask_phone


class Kind(str, Enum):
    """受理类型: the three kinds of matter the hotline takes."""

    CONSULTATION = "consultation"
    APPEAL = "appeal"
    SUGGESTION = "suggestion"


class Nature(str, Enum):
    """What an appeal is, where it was said; the provincial time limits differ by it."""

    HELP = "help"
    COMPLAINT = "complaint"
    REPORT = "report"
    PRAISE = "praise"


class Urgency(str, Enum):
    """紧急程度, rising."""

    NORMAL = "normal"
    RAISED = "raised"
    URGENT = "urgent"
    CRITICAL = "critical"

    @property
    def hazard(self) -> bool:
        """Whether people may come to harm: such a ticket outlives a withdrawal."""
        return self in (Urgency.URGENT, Urgency.CRITICAL)


class TicketStatus(str, Enum):
    """工单状态."""

    ACCEPTED = "accepted"
    AWAITING_TRANSFER = "awaiting_transfer"
    TRANSFERRED = "transferred"
    SIGNED = "signed"
    IN_PROGRESS = "in_progress"
    UNDER_REVIEW = "under_review"
    CLOSED = "closed"
    CALLING_BACK = "calling_back"
    ARCHIVED = "archived"
    RETURNED = "returned"
    SUSPENDED = "suspended"
    COORDINATING = "coordinating"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    REFERRED = "referred"

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something before the caller has an answer."""
        return self not in FINISHED


class Command(str, Enum):
    """What can be asked of a ticket."""

    ANSWER = "answer"
    AWAIT = "await"
    TRANSFER = "transfer"
    SIGN = "sign"
    START = "start"
    REPLY = "reply"
    REFUSE_REPLY = "refuse_reply"
    CLOSE = "close"
    CALL_BACK = "call_back"
    ARCHIVE = "archive"
    RETURN = "return"
    UPHOLD_RETURN = "uphold_return"
    REFUSE_RETURN = "refuse_return"
    EXTEND = "extend"
    SUSPEND = "suspend"
    RESUME = "resume"
    MERGE = "merge"
    ANSWER_MERGED = "answer_merged"
    WITHDRAW = "withdraw"
    URGE = "urge"
    SUPERVISE = "supervise"
    MARK_DIFFICULT = "mark_difficult"
    REWORK = "rework"
    COORDINATE = "coordinate"
    REFER = "refer"


class Light(str, Enum):
    """红黄绿灯 of a running clock."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


_S = TicketStatus
FINISHED = frozenset({_S.CLOSED, _S.CALLING_BACK, _S.ARCHIVED, _S.WITHDRAWN, _S.REFERRED})
BEFORE_TRANSFER = frozenset({_S.ACCEPTED, _S.AWAITING_TRANSFER})
WITH_UNIT = frozenset({_S.TRANSFERRED, _S.SIGNED, _S.IN_PROGRESS})
RUNNING = BEFORE_TRANSFER | WITH_UNIT | {_S.RETURNED, _S.SUSPENDED, _S.COORDINATING}


@dataclass(frozen=True)
class Transition:
    """From any of these statuses to that one; ``to`` None leaves the status as it is."""

    sources: frozenset[TicketStatus]
    to: TicketStatus | None


TRANSITIONS: Mapping[Command, Transition] = MappingProxyType(
    {
        Command.ANSWER: Transition(BEFORE_TRANSFER, _S.CLOSED),
        Command.AWAIT: Transition(frozenset({_S.ACCEPTED}), _S.AWAITING_TRANSFER),
        Command.TRANSFER: Transition(BEFORE_TRANSFER, _S.TRANSFERRED),
        Command.SIGN: Transition(frozenset({_S.TRANSFERRED}), _S.SIGNED),
        Command.START: Transition(frozenset({_S.SIGNED}), _S.IN_PROGRESS),
        Command.REPLY: Transition(frozenset({_S.IN_PROGRESS, _S.COORDINATING}), _S.UNDER_REVIEW),
        Command.REFUSE_REPLY: Transition(frozenset({_S.UNDER_REVIEW}), _S.IN_PROGRESS),
        Command.CLOSE: Transition(frozenset({_S.UNDER_REVIEW}), _S.CLOSED),
        Command.CALL_BACK: Transition(frozenset({_S.CLOSED}), _S.CALLING_BACK),
        Command.ARCHIVE: Transition(frozenset({_S.CALLING_BACK}), _S.ARCHIVED),
        Command.RETURN: Transition(frozenset({_S.TRANSFERRED, _S.SIGNED}), _S.RETURNED),
        Command.UPHOLD_RETURN: Transition(frozenset({_S.RETURNED}), _S.AWAITING_TRANSFER),
        Command.REFUSE_RETURN: Transition(frozenset({_S.RETURNED}), _S.SIGNED),
        Command.EXTEND: Transition(WITH_UNIT, None),
        Command.SUSPEND: Transition(frozenset({_S.IN_PROGRESS}), _S.SUSPENDED),
        Command.RESUME: Transition(frozenset({_S.SUSPENDED}), _S.IN_PROGRESS),
        Command.MERGE: Transition(BEFORE_TRANSFER | WITH_UNIT, _S.MERGED),
        Command.ANSWER_MERGED: Transition(frozenset({_S.MERGED}), _S.CLOSED),
        Command.WITHDRAW: Transition(RUNNING - {_S.COORDINATING}, _S.WITHDRAWN),
        Command.URGE: Transition(RUNNING | {_S.UNDER_REVIEW, _S.MERGED}, None),
        Command.SUPERVISE: Transition(RUNNING | {_S.UNDER_REVIEW}, None),
        Command.MARK_DIFFICULT: Transition(RUNNING, None),
        Command.REWORK: Transition(frozenset({_S.CALLING_BACK}), _S.IN_PROGRESS),
        Command.COORDINATE: Transition(
            frozenset({_S.CALLING_BACK, _S.IN_PROGRESS, _S.RETURNED}), _S.COORDINATING
        ),
        Command.REFER: Transition(BEFORE_TRANSFER, _S.REFERRED),
    }
)


def next_status(status: TicketStatus, command: Command) -> TicketStatus:
    """The status after the command; Rejected when the table does not hold it."""
    transition = TRANSITIONS[command]
    if status not in transition.sources:
        raise Rejected(
            f"cannot {command.value} a ticket that is {status.value}",
            code="not_in_table",
            field="status",
        )
    return status if transition.to is None else transition.to


def commands_for(status: TicketStatus) -> tuple[Command, ...]:
    """What may be asked of a ticket in this status: the buttons of a page."""
    return tuple(c for c, t in TRANSITIONS.items() if status in t.sources)


@dataclass(frozen=True)
class Draft:
    """预受理: what a caller reported, as far as it is filled.

    ``occurred`` is the time in the caller's words. ``transcript`` is what was said, kept apart
    from the summary in ``content``. ``confidential`` seals the caller from the handling unit;
    ``anonymous`` means no name was given.
    """

    kind: Kind = Kind.APPEAL
    category: str = ""
    content: str = ""
    address: str = ""
    district: str = ""
    street: str = ""
    occurred: str = ""
    target: str = ""
    expectation: str = ""
    name: str = ""
    phone: str = ""
    confidential: bool = False
    anonymous: bool = False
    urgency: Urgency = Urgency.NORMAL
    channel: str = "web"
    transcript: str = ""
    nature: Nature | None = None

    @property
    def sealed(self) -> bool:
        """Whether name and number are hidden from everyone but the role that may look."""
        return self.confidential or self.anonymous


@dataclass(frozen=True)
class Progress:
    """What the life cycle has counted and noted so far. Times are aware or None."""

    transferred_at: datetime | None = None
    started_at: datetime | None = None  # when the clock that is not the transfer's began
    given_at: datetime | None = None  # to the unit that has it now
    signed_at: datetime | None = None
    suspended_at: datetime | None = None
    replied_at: datetime | None = None
    closed_at: datetime | None = None
    archived_at: datetime | None = None
    transfer_breached_at: datetime | None = None
    handling_breached_at: datetime | None = None
    reply: str = ""
    close_kind: str = ""
    returns: int = 0
    extensions: int = 0
    urgings: int = 0
    rework_count: int = 0
    coordinations: int = 0
    merged_into: str | None = None
    supervised: bool = False
    difficult: bool = False


@dataclass(frozen=True)
class Ticket:
    """工单. ``draft.name`` and ``draft.phone`` are masked in every ticket that is read.

    ``version`` grows by one with each change and is the number of rows in its history.
    ``confidence`` (0..1) is how sure the proposal of ``lead_unit`` is.
    """

    ticket_no: str
    session_id: str
    draft: Draft
    status: TicketStatus
    accepted_at: datetime
    transfer_due_at: datetime
    due_at: datetime
    lead_unit: str = ""
    co_units: tuple[str, ...] = ()
    rule_id: str = ""
    confidence: float = 0.0
    progress: Progress = field(default_factory=Progress)
    version: int = 1

    def masked(self) -> Ticket:
        """The ticket with the caller's name and number masked."""
        name, phone = mask_name(self.draft.name), mask_phone(self.draft.phone)
        return replace(self, draft=replace(self.draft, name=name, phone=phone))
