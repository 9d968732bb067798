"""办理过程: what a command does to a ticket, and what it needs to be allowed.

Pure: a ticket, an order and a policy in, the changed ticket out. The table of statuses is in
``ticket.py``; here stand the guards it can't hold and the fields that change with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.rules.errors import Rejected
from bot.rules.sla import Policy
from bot.rules.ticket import Command, Ticket, TicketStatus, next_status


@dataclass(frozen=True)
class Order:
    """Who asks for what, when, why, and with which particulars."""

    command: Command
    by: str
    at: datetime
    reason: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


CLOSE_KINDS = frozenset(
    {"solved", "partly_solved", "explained", "unfounded", "unreachable", "legal_path"}
)
RETURN_GROUNDS = frozenset({"not_ours", "wrong_place", "duplicate"})
COORDINATIONS = frozenset({"meeting", "joint_review", "site_visit", "leader_call"})
SUPERVISIONS = frozenset({"urging", "supervision", "site_visit", "leader_order", "covert_visit"})
RETURNS_BEFORE_CENTRE = 2  # after the second return the centre decides lead and co units


def carry_out(ticket: Ticket, order: Order, policy: Policy) -> Ticket:
    """The ticket after the order, its version one higher; Rejected when it may not be."""
    status = next_status(ticket.status, order.command)
    changed = replace(ticket, status=status, version=ticket.version + 1)
    effect = EFFECTS.get(order.command)
    return changed if effect is None else effect(changed, order, policy, ticket.status)


Effect = Callable[[Ticket, Order, Policy, TicketStatus], Ticket]


def _with(ticket: Ticket, **progress: Any) -> Ticket:
    return replace(ticket, progress=replace(ticket.progress, **progress))


def _need(order: Order, name: str, among: frozenset[str] | None = None) -> str:
    value = str(order.facts.get(name) or "").strip()
    if not value:
        raise Rejected(f"{order.command.value} needs {name}", code="missing", field=name)
    if among is not None and value not in among:
        raise Rejected(f"no such {name}", code="unknown", field=name)
    return value


def _need_reason(order: Order) -> None:
    if not order.reason.strip():
        raise Rejected(f"{order.command.value} needs a reason", code="missing", field="reason")


def _transfer(ticket: Ticket, order: Order, policy: Policy, before: TicketStatus) -> Ticket:
    unit = _need(order, "lead_unit")
    return _with(
        replace(ticket, lead_unit=unit, co_units=tuple(order.facts.get("co_units", ()))),
        transferred_at=ticket.progress.transferred_at or order.at,
        started_at=ticket.progress.started_at or order.at,
        given_at=order.at,
        signed_at=None,
    )


def _sign(ticket: Ticket, order: Order, policy: Policy, before: TicketStatus) -> Ticket:
    return _with(ticket, signed_at=order.at)


def _answer(ticket: Ticket, order: Order, policy: Policy, before: TicketStatus) -> Ticket:
    return _with(
        ticket,
        reply=_need(order, "reply"),
        close_kind=_need(order, "close_kind", CLOSE_KINDS),
        replied_at=order.at,
        closed_at=order.at,
    )


def _reply(ticket: Ticket, order: Order, policy: Policy, before: TicketStatus) -> Ticket:
    """A reply must say what was found and done, and that the caller was told."""
    if not order.facts.get("caller_told"):
        raise Rejected("the caller must be told first", code="missing", field="caller_told")
    return _with(
        ticket,
        reply=_need(order, "reply"),
        close_kind=_need(order, "close_kind", CLOSE_KINDS),
        replied_at=order.at,
    )


def _close(ticket: Ticket, order: Order, policy: Policy, before: TicketStatus) -> Ticket:
    return _with(ticket, closed_at=order.at)


def _archive(ticket: Ticket, order: Order, policy: Policy, before: TicketStatus) -> Ticket:
    if not ticket.progress.reply:
        raise Rejected("no answer was given to the caller", code="no_answer", field="reply")
    return _with(ticket, archived_at=order.at)


def _return(ticket: Ticket, order: Order, policy: Policy, before: TicketStatus) -> Ticket:
    """退单: with its ground, in time (later the unit has taken it on), and twice at most: then
    the centre has decided (国办函〔2025〕66号: 派单异议审核)."""
    _need(order, "ground", RETURN_GROUNDS)
    _need_reason(order)
    if ticket.progress.returns >= RETURNS_BEFORE_CENTRE:
        raise Rejected("the centre has decided the units", code="used_up", field="returns")
    given_at = ticket.progress.given_at or order.at
    if order.at > policy.calendar.due(given_at, policy.return_working_days, policy.closes):
        raise Rejected("the time to return has passed", code="too_late", field="returns")
    return _with(ticket, returns=ticket.progress.returns + 1)


def _refuse_return(ticket: Ticket, order: Order, policy: Policy, before: TicketStatus) -> Ticket:
    _need_reason(order)
    return _with(ticket, signed_at=ticket.progress.signed_at or order.at)


def _extend(ticket: Ticket, order: Order, policy: Policy, before: TicketStatus) -> Ticket:
    """Before the deadline, with a reason, the caller told, and not for ever."""
    _need_reason(order)
    if not order.facts.get("caller_told"):
        raise Rejected("the caller must be told first", code="missing", field="caller_told")
    if order.at >= ticket.due_at:
        raise Rejected("the deadline has passed", code="too_late", field="due_at")
    if ticket.progress.rework_count:
        raise Rejected("a rework is not extended", code="not_extendable", field="due_at")
    if ticket.progress.extensions >= policy.extensions:
        raise Rejected("no more extensions", code="used_up", field="extensions")
    days = int(order.facts.get("working_days") or policy.extension_working_days)
    if not 1 <= days <= policy.extension_working_days:
        raise Rejected("an extension of that length", code="out_of_range", field="working_days")
    due_at = policy.calendar.due(ticket.due_at, days, policy.closes)
    return _with(replace(ticket, due_at=due_at), extensions=ticket.progress.extensions + 1)


def _suspend(ticket: Ticket, order: Order, policy: Policy, before: TicketStatus) -> Ticket:
    _need_reason(order)
    return _with(ticket, suspended_at=order.at)


def _resume(ticket: Ticket, order: Order, policy: Policy, before: TicketStatus) -> Ticket:
    """The handling clock goes on with the working time it had left."""
    stopped_at = ticket.progress.suspended_at or order.at
    left = policy.calendar.worked_between(stopped_at, ticket.due_at)
    due_at = max(ticket.due_at, policy.calendar.after_worked(order.at, left))
    return _with(replace(ticket, due_at=due_at), suspended_at=None)


def _merge(ticket: Ticket, order: Order, policy: Policy, before: TicketStatus) -> Ticket:
    main = _need(order, "into")
    if main == ticket.ticket_no:
        raise Rejected("a ticket is not merged into itself", code="same", field="into")
    return _with(ticket, merged_into=main)


def _withdraw(ticket: Ticket, order: Order, policy: Policy, before: TicketStatus) -> Ticket:
    if ticket.draft.urgency.hazard:
        raise Rejected("a hazard is followed to its end", code="hazard", field="urgency")
    return ticket


def _urge(ticket: Ticket, order: Order, policy: Policy, before: TicketStatus) -> Ticket:
    return _with(ticket, urgings=ticket.progress.urgings + 1)


def _supervise(ticket: Ticket, order: Order, policy: Policy, before: TicketStatus) -> Ticket:
    _need(order, "way", SUPERVISIONS)
    return _with(ticket, supervised=True)


def _mark_difficult(ticket: Ticket, order: Order, policy: Policy, before: TicketStatus) -> Ticket:
    _need(order, "way", COORDINATIONS)
    _need_reason(order)
    return _with(ticket, difficult=True)


def _rework(ticket: Ticket, order: Order, policy: Policy, before: TicketStatus) -> Ticket:
    """Once, 5 working days (S4, Zengcheng 2018)."""
    if ticket.progress.rework_count >= 1:
        raise Rejected("a ticket is reworked once", code="reworked", field="rework_count")
    due_at = policy.calendar.due(order.at, policy.rework_working_days, policy.closes)
    return _with(
        replace(ticket, due_at=due_at), rework_count=1, started_at=order.at, closed_at=None
    )


def _coordinate(ticket: Ticket, order: Order, policy: Policy, before: TicketStatus) -> Ticket:
    """疑难协调: after a second bad rating, or where no unit will have it."""
    _need_reason(order)
    progress = ticket.progress
    if before is TicketStatus.RETURNED and progress.returns < RETURNS_BEFORE_CENTRE:
        raise Rejected("review the objection first", code="too_early", field="returns")
    if before is TicketStatus.CALLING_BACK and not progress.rework_count:
        raise Rejected("a first bad rating is a rework", code="too_early", field="rework_count")
    days = policy.working_days(ticket)
    due_at = max(ticket.due_at, policy.calendar.due(order.at, days, policy.closes))
    return _with(
        replace(ticket, due_at=due_at),
        coordinations=progress.coordinations + 1,
        started_at=order.at,
        difficult=True,
        closed_at=None,
    )


def _refer(ticket: Ticket, order: Order, policy: Policy, before: TicketStatus) -> Ticket:
    """The caller is told the right door: that is the answer."""
    return _with(ticket, reply=_need(order, "reply"), replied_at=order.at)


EFFECTS: Mapping[Command, Effect] = {
    Command.TRANSFER: _transfer,
    Command.SIGN: _sign,
    Command.ANSWER: _answer,
    Command.ANSWER_MERGED: _answer,
    Command.REPLY: _reply,
    Command.CLOSE: _close,
    Command.ARCHIVE: _archive,
    Command.RETURN: _return,
    Command.REFUSE_RETURN: _refuse_return,
    Command.EXTEND: _extend,
    Command.SUSPEND: _suspend,
    Command.RESUME: _resume,
    Command.MERGE: _merge,
    Command.WITHDRAW: _withdraw,
    Command.URGE: _urge,
    Command.SUPERVISE: _supervise,
    Command.MARK_DIFFICULT: _mark_difficult,
    Command.REWORK: _rework,
    Command.COORDINATE: _coordinate,
    Command.REFER: _refer,
}
