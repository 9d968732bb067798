"""时限: the clocks of a ticket, their marks, and the light they show.

Three clocks: transfer (natural minutes), handling and rework (working days). Each limit is a row
of the policy with its source (``knowledge_base/sla.yml``). Times are passed in and aware.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum

from bot.rules.calendar import WorkCalendar
from bot.rules.ticket import Kind, Light, Nature, Ticket, TicketStatus, Urgency


class ClockName(str, Enum):
    """Which promise is running."""

    TRANSFER = "transfer"
    HANDLING = "handling"
    REWORK = "rework"
    COORDINATION = "coordination"
    CALL_BACK = "call_back"


class Mark(str, Enum):
    """A point on a clock at which something fires, once."""

    WARNING = "warning"
    ALARM = "alarm"
    BREACH = "breach"


@dataclass(frozen=True)
class Deadline:
    """One mark of one clock of a ticket."""

    clock: ClockName
    mark: Mark
    due_at: datetime


@dataclass(frozen=True)
class TransferTerm:
    """Minutes from acceptance to transfer, with the minutes of the two warnings before it."""

    urgency: Urgency
    minutes: float
    warning_minutes: float
    alarm_minutes: float
    source: str


@dataclass(frozen=True)
class HandlingTerm:
    """Working days to handle. None in ``kind``, ``nature``, ``urgency`` or ``level`` fits all."""

    working_days: int
    source: str
    kind: Kind | None = None
    nature: Nature | None = None
    urgency: Urgency | None = None
    level: str | None = None

    def fit(self, kind: Kind, nature: Nature | None, urgency: Urgency, level: str | None) -> int:
        """How closely the row fits: -1 not at all, else the number of its own conditions."""
        wanted = (self.kind, self.nature, self.urgency, self.level)
        if any(w is not None and w != g for w, g in zip(wanted, (kind, nature, urgency, level))):  # noqa: B905
            return -1
        return sum(w is not None for w in wanted)


@dataclass(frozen=True)
class Policy:
    """The policy tables and the calendar they count in."""

    transfer: tuple[TransferTerm, ...]
    handling: tuple[HandlingTerm, ...]
    rework_working_days: int
    extension_working_days: int
    extensions: int
    return_working_days: int
    call_back_days: int
    call_back_attempts: int
    call_back_retry: timedelta  # after nobody answered
    call_back_later: timedelta  # after "not now"
    call_back_by_phone_after: timedelta  # who has not rated on a page by then is called
    onsite_share: float
    merge_days: int
    auto_transfer_confidence: float
    closes: time
    calendar: WorkCalendar

    def transfer_term(self, urgency: Urgency) -> TransferTerm:
        """The row for an urgency; the one of NORMAL where it has none of its own."""
        rows = {term.urgency: term for term in self.transfer}
        return rows.get(urgency) or rows[Urgency.NORMAL]

    def working_days(self, ticket: Ticket, level: str | None = None) -> int:
        """Working days to handle a ticket: the row that fits most closely, first wins."""
        draft = ticket.draft
        best = max(
            self.handling, key=lambda term: term.fit(draft.kind, draft.nature, draft.urgency, level)
        )
        return best.working_days

    def transfer_due(self, accepted_at: datetime, urgency: Urgency) -> datetime:
        """When a ticket accepted then must have left."""
        return accepted_at + timedelta(minutes=self.transfer_term(urgency).minutes)

    def handling_due(self, ticket: Ticket, level: str | None = None) -> datetime:
        """When the handling unit must have replied, counted from acceptance."""
        return self.calendar.due(ticket.accepted_at, self.working_days(ticket, level), self.closes)


def transfer_deadlines(accepted_at: datetime, urgency: Urgency, policy: Policy) -> list[Deadline]:
    """Warning, alarm and breach of the transfer clock: natural time, never stopped."""
    term = policy.transfer_term(urgency)
    minutes = (
        (Mark.WARNING, term.warning_minutes),
        (Mark.ALARM, term.alarm_minutes),
        (Mark.BREACH, term.minutes),
    )
    return [
        Deadline(ClockName.TRANSFER, mark, accepted_at + timedelta(minutes=m))
        for mark, m in minutes
    ]


def working_deadlines(
    clock: ClockName, start: datetime, due_at: datetime, calendar: WorkCalendar
) -> list[Deadline]:
    """Marks at 50 %, 80 % and 100 % of the working time from ``start`` to ``due_at``."""
    warning_at, alarm_at = calendar.shares_worked(start, due_at, (0.5, 0.8))
    return [
        Deadline(clock, Mark.WARNING, warning_at),
        Deadline(clock, Mark.ALARM, alarm_at),
        Deadline(clock, Mark.BREACH, due_at),
    ]


STOPPED = frozenset({TicketStatus.SUSPENDED, TicketStatus.UNDER_REVIEW, TicketStatus.MERGED})


def running_due(ticket: Ticket) -> datetime | None:
    """The end of the clock that runs now for somebody to act; None when none does."""
    if not ticket.status.open or ticket.status in STOPPED:
        return None
    if ticket.progress.transferred_at is None:
        return ticket.transfer_due_at
    return ticket.due_at


def running_marks(ticket: Ticket, policy: Policy) -> list[Deadline]:
    """The marks of the clock that runs now, those already passed among them."""
    progress = ticket.progress
    if ticket.status is TicketStatus.CALLING_BACK and progress.closed_at is not None:
        ends = progress.closed_at + timedelta(days=policy.call_back_days)
        return [Deadline(ClockName.CALL_BACK, Mark.BREACH, ends)]
    if running_due(ticket) is None:
        return []
    if progress.transferred_at is None:
        return transfer_deadlines(ticket.accepted_at, ticket.draft.urgency, policy)
    clock = ClockName.REWORK if progress.rework_count else ClockName.HANDLING
    if progress.coordinations:
        clock = ClockName.COORDINATION
    start = min(progress.started_at or progress.transferred_at, ticket.due_at)
    return working_deadlines(clock, start, ticket.due_at, policy.calendar)


def light(ticket: Ticket, now: datetime, policy: Policy) -> Light | None:
    """The light of the running clock; None when none runs.

    Transfer: amber from the warning (10 of 15 minutes), red from the alarm (13), which is before
    the breach. Handling: amber from 80 % of the working time on, red from its end.
    """
    if running_due(ticket) is None:
        return None
    warning, alarm, breach = (mark.due_at for mark in running_marks(ticket, policy))
    waiting = ticket.progress.transferred_at is None
    amber_at, red_at = (warning, alarm) if waiting else (alarm, breach)
    if now >= red_at:
        return Light.RED
    return Light.AMBER if now >= amber_at else Light.GREEN
