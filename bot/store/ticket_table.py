"""The tables of tickets, and the way between a row and a Ticket.

``runs_until`` is the end of the clock that runs now, null when none does: what a list by
remaining time sorts by. Name and number of the caller stand apart, in ``identities``; ``no_calls``
there: whoever has this number does not want to be called back.
"""

from dataclasses import fields
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
    text,
)

from bot.rules.sla import running_due
from bot.rules.ticket import Draft, Kind, Nature, Progress, Ticket, TicketStatus, Urgency
from bot.store.columns import Document, Moment, metadata

counters = Table(
    "counters",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", Integer, nullable=False),
)

tickets = Table(
    "tickets",
    metadata,
    Column("ticket_no", String(24), primary_key=True),
    Column("key", String(128), nullable=False, unique=True),
    Column("session_id", String(128), nullable=False),
    Column("status", String(24), nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("nature", String(16)),
    Column("category", String(64), nullable=False),
    Column("content", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("district", String(32), nullable=False),
    Column("street", String(32), nullable=False),
    Column("occurred", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("expectation", Text, nullable=False),
    Column("transcript", Text, nullable=False),
    Column("confidential", Boolean, nullable=False),
    Column("anonymous", Boolean, nullable=False),
    Column("urgency", String(16), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("lead_unit", String(64), nullable=False),
    Column("co_units", Document, nullable=False),
    Column("rule_id", String(32), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("accepted_at", Moment, nullable=False),
    Column("transfer_due_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("runs_until", Moment),
    Column("transferred_at", Moment),
    Column("started_at", Moment),
    Column("given_at", Moment),
    Column("signed_at", Moment),
    Column("suspended_at", Moment),
    Column("replied_at", Moment),
    Column("closed_at", Moment),
    Column("archived_at", Moment),
    Column("transfer_breached_at", Moment),
    Column("handling_breached_at", Moment),
    Column("reply", Text, nullable=False),
    Column("close_kind", String(24), nullable=False),
    Column("returns", Integer, nullable=False),
    Column("extensions", Integer, nullable=False),
    Column("urgings", Integer, nullable=False),
    Column("rework_count", Integer, nullable=False),
    Column("coordinations", Integer, nullable=False),
    Column("merged_into", String(24)),
    Column("supervised", Boolean, nullable=False),
    Column("difficult", Boolean, nullable=False),
    Index("ix_tickets_session", "session_id"),
    Index(
        "ix_tickets_running",
        "runs_until",
        sqlite_where=text("runs_until IS NOT NULL"),
        postgresql_where=text("runs_until IS NOT NULL"),
    ),
    Index("ix_tickets_unit_accepted", "lead_unit", "accepted_at"),
    Index("ix_tickets_place", "district", "category", "street", "accepted_at"),
    Index("ix_tickets_accepted", "accepted_at"),
)

identities = Table(
    "identities",
    metadata,
    Column("ticket_no", ForeignKey("tickets.ticket_no"), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("phone", String(32), nullable=False),
    Column("no_calls", Boolean, nullable=False, server_default=false(), default=False),
    Index(None, "phone"),
)

DRAFT = [f.name for f in fields(Draft) if f.name not in ("name", "phone")]
PROGRESS = [f.name for f in fields(Progress)]
PLAIN = [
    f.name for f in fields(Ticket) if f.name not in ("draft", "progress", "status", "co_units")
]


def to_row(ticket: Ticket) -> dict[str, Any]:
    """The row of ``tickets`` for a ticket."""
    draft, progress = ticket.draft, ticket.progress
    row = {name: getattr(draft, name) for name in DRAFT}
    row |= {name: getattr(progress, name) for name in PROGRESS}
    row |= {name: getattr(ticket, name) for name in PLAIN}
    return row | {
        "kind": draft.kind.value,
        "nature": draft.nature.value if draft.nature else None,
        "urgency": draft.urgency.value,
        "status": ticket.status.value,
        "co_units": list(ticket.co_units),
        "runs_until": running_due(ticket),
    }


def to_ticket(row: Any) -> Ticket:
    """The ticket of a row joined with its identity; name and number come out masked."""
    draft = {name: row[name] for name in DRAFT} | {
        "kind": Kind(row["kind"]),
        "nature": Nature(row["nature"]) if row["nature"] else None,
        "urgency": Urgency(row["urgency"]),
        "name": row["name"],
        "phone": row["phone"],
    }
    ticket = Ticket(
        **{name: row[name] for name in PLAIN},
        draft=Draft(**draft),
        progress=Progress(**{name: row[name] for name in PROGRESS}),
        status=TicketStatus(row["status"]),
        co_units=tuple(row["co_units"]),
    )
    return ticket.masked()
