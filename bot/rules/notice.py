"""回执: what a unit's system says of a ticket, and the orders that follow from it. Pure.

Systems repeat themselves and overtake themselves: what is said again changes nothing, and who
replies has signed and begun, whatever was said of that or not yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from bot.rules.errors import Rejected
from bot.rules.ticket import Command, Ticket, TicketStatus

_S = TicketStatus
STEPS = (_S.TRANSFERRED, _S.SIGNED, _S.IN_PROGRESS, _S.UNDER_REVIEW, _S.CLOSED, _S.CALLING_BACK)
STEPPING = (Command.SIGN, Command.START, Command.REPLY)

# event -> the commands it stands for, the last of which is what was said
EVENTS: Mapping[str, tuple[Command, ...]] = MappingProxyType(
    {
        "signed": (Command.SIGN,),
        "started": (Command.SIGN, Command.START),
        "replied": STEPPING,
        "returned": (Command.RETURN,),
        "extended": (Command.EXTEND,),
    }
)


@dataclass(frozen=True)
class Notice:
    """One notice. ``id`` is the sender's own and makes it unique; ``facts`` are the command's."""

    id: str
    ticket_no: str
    event: str
    unit: str
    reason: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


def commands(notice: Notice, ticket: Ticket) -> tuple[Command, ...]:
    """What is to be carried out; empty when the ticket is that far already.

    Rejected when the event is unknown or the ticket is not the unit's.
    """
    if notice.event not in EVENTS:
        raise Rejected("no such event", code="unknown", field="event")
    if notice.unit not in (ticket.lead_unit, *ticket.co_units):
        raise Rejected("the ticket is not this unit's", code="not_yours", field="unit")
    wanted = EVENTS[notice.event]
    if wanted[-1] not in STEPPING or ticket.status not in STEPS:
        return wanted
    done = STEPS.index(ticket.status)
    return wanted[min(done, len(wanted)) :]
