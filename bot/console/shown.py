"""Tickets, handoffs and turns as the desk's pages get them: JSON, personal data masked."""

from dataclasses import asdict
from datetime import datetime
from enum import Enum
from typing import Any

from bot.desk import Desk
from bot.rules.brief import masked
from bot.rules.handoff import Handoff
from bot.rules.privacy import mask
from bot.rules.sla import running_due
from bot.rules.ticket import Ticket, commands_for
from bot.store import Event, Note, Turn
from bot.store.history import broken_at


def ticket_row(ticket: Ticket, desk: Desk, at: datetime) -> dict[str, Any]:
    """A row of a list."""
    draft, due = ticket.draft, running_due(ticket)
    light = desk.light(ticket, at)
    return _row(
        {
            "ticket_no": ticket.ticket_no,
            "status": ticket.status,
            "version": ticket.version,
            "light": light,
            "running_due_at": due,
            "category": draft.category,
            "content": mask(draft.content),
            "district": draft.district,
            "street": draft.street,
            "address": mask(draft.address),
            "urgency": draft.urgency,
            "channel": draft.channel,
            "lead_unit": ticket.lead_unit,
            "accepted_at": ticket.accepted_at,
            "supervised": ticket.progress.supervised,
            "urgings": ticket.progress.urgings,
        }
    )


def whole_ticket(ticket: Ticket, history: list[Event], desk: Desk, at: datetime) -> dict[str, Any]:
    """One ticket with its history, and what may be asked of it."""
    draft = asdict(ticket.draft) | {
        "content": mask(ticket.draft.content),
        "address": mask(ticket.draft.address),
        "transcript": mask(ticket.draft.transcript),
    }
    return ticket_row(ticket, desk, at) | _row(
        {
            "draft": draft,
            "progress": asdict(ticket.progress),
            "co_units": list(ticket.co_units),
            "rule_id": ticket.rule_id,
            "confidence": ticket.confidence,
            "session_id": ticket.session_id,
            "transfer_due_at": ticket.transfer_due_at,
            "due_at": ticket.due_at,
            "commands": list(commands_for(ticket.status)),
            "intact": broken_at(history, ticket.version) is None,
            "history": [
                asdict(event) | {"reason": mask(event.reason), "facts": None} for event in history
            ],
        }
    )


def handoff_row(handoff: Handoff) -> dict[str, Any]:
    """A row of the queue, or of an agent's own."""
    hidden = {
        "summary": mask(handoff.summary),
        "promised": mask(handoff.promised),
        "draft": masked(handoff.draft),
    }
    return _row(asdict(handoff) | hidden)


def note_row(note: Note) -> dict[str, Any]:
    """A note among people at the desk."""
    return _row(vars(note) | {"text": mask(note.text)})


def turn_row(turn: Turn, *, clear: bool) -> dict[str, Any]:
    """A turn of a conversation; in clear only for who has asked for it."""
    reply = turn.outcome if turn.utterance_id is None and turn.outcome else {}
    return _row(
        {
            "seq": turn.seq,
            "speaker": turn.speaker,
            "text": turn.text if clear else mask(turn.text),
            "status": turn.status,
            "card": reply.get("card"),
            "agent": reply.get("agent"),
            "at": turn.at,
        }
    )


def _row(values: dict[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in values.items()}


def plain(value: Any) -> Any:
    """Enums as their values, times in ISO 8601, all else as it is."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value
