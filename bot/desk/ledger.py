"""The one way a ticket is changed: rules, row, history, clocks and letter in one transaction."""

from datetime import datetime
from typing import Any

from bot.desk.counter import Counter
from bot.rules.errors import Rejected
from bot.rules.lifecycle import Order, carry_out
from bot.rules.sla import Mark, running_marks
from bot.rules.ticket import Command, Ticket
from bot.store import Event, NewLetter, Records
from knowledge_base.codes import codes

MACHINE = "machine"  # who acts when no person does

# What the handling unit has to hear of, once it has the ticket.
TOLD_TO_UNIT = frozenset(
    {
        Command.TRANSFER,
        Command.URGE,
        Command.SUPERVISE,
        Command.WITHDRAW,
        Command.MERGE,
        Command.UPHOLD_RETURN,
        Command.REFUSE_RETURN,
        Command.EXTEND,
        Command.REFUSE_REPLY,
        Command.CLOSE,
        Command.REWORK,
        Command.COORDINATE,
    }
)


class Ledger(Counter):
    """Carries orders out on tickets."""

    async def order(
        self,
        ticket_no: str,
        command: Command,
        *,
        by: str,
        reason: str = "",
        facts: dict[str, Any] | None = None,
        version: int | None = None,
        at: datetime | None = None,
    ) -> Ticket:
        """Carry a command out, whoever asks. ``version``, when given, must be the ticket's.

        Raises NotFound, or Rejected with the reason's code and the field to blame.
        """
        order = Order(command, by, self._at(at), reason, facts or {})
        async with self._store.begin() as records:
            ticket = await self._change(records, ticket_no, order, version=version)
        await self._tell(ticket, command.value)
        return ticket

    async def _change(
        self, records: Records, ticket_no: str, order: Order, *, version: int | None = None
    ) -> Ticket:
        before = await records.tickets.get(ticket_no, lock=True)
        if version is not None and version != before.version:
            raise Rejected("somebody changed the ticket meanwhile", code="stale", field="version")
        await self._before(records, before, order)
        after = carry_out(before, order, self.policy)
        await records.tickets.save(after)
        await records.history.add([Event.of(after, order)])
        await self._mind_clocks(records, before, after, order.at)
        if order.command in TOLD_TO_UNIT and after.progress.transferred_at is not None:
            await self._write(records, before, after, order)
        return await self._after(records, before, after, order)

    async def _before(self, records: Records, ticket: Ticket, order: Order) -> None:
        """What has to be so before an order, beyond the ticket itself; Rejected when it isn't."""

    async def _after(self, records: Records, before: Ticket, after: Ticket, order: Order) -> Ticket:
        """What an order brings with it, in the same transaction; the desk's parts add to it."""
        return after

    async def _mind_clocks(
        self, records: Records, before: Ticket, after: Ticket, at: datetime
    ) -> None:
        """Stop and start what the change stops and starts; a mark that fired stays fired."""
        old, new = running_marks(before, self.policy), running_marks(after, self.policy)
        if old == new:
            return
        await records.deadlines.cancel(after.ticket_no)
        if not new:
            return
        fired = await records.deadlines.fired(after.ticket_no)
        marks = [
            mark
            for mark in new
            if (mark.clock, mark.mark) not in fired
            and (mark.due_at > at or mark.mark is Mark.BREACH)
        ]
        await records.deadlines.add({after.ticket_no: marks})

    async def _write(self, records: Records, before: Ticket, after: Ticket, order: Order) -> None:
        """A letter to the dispatch system. The first transfer's key is the ticket number."""
        first = before.progress.transferred_at is None
        key = after.ticket_no if first else f"{after.ticket_no}/{after.version}"
        new = NewLetter(key, after.ticket_no, order.command.value, letter(after, order), order.at)
        await records.outbox.add([new])

    async def _tell(self, ticket: Ticket, what: str) -> None:
        event = {
            "type": "ticket",
            "what": what,
            "ticket_no": ticket.ticket_no,
            "status": ticket.status.value,
            "version": ticket.version,
        }
        await self._announce(("desk", event), (f"session:{ticket.session_id}", event))


def letter(ticket: Ticket, order: Order) -> dict[str, Any]:
    """What the dispatch system is told. Name and number are added at delivery, where they may
    be: they are not kept a second time."""
    draft = ticket.draft
    return {
        "ticket_no": ticket.ticket_no,
        "command": order.command.value,
        "version": ticket.version,
        "at": order.at.isoformat(),
        "by": order.by,
        "reason": order.reason,
        "status": ticket.status.value,
        "lead_unit": ticket.lead_unit,
        "co_units": list(ticket.co_units),
        "kind": draft.kind.value,
        "category": draft.category,
        "item": codes().of(draft.category),
        "urgency": draft.urgency.value,
        "content": draft.content,
        "address": draft.address,
        "district": draft.district,
        "street": draft.street,
        "occurred": draft.occurred,
        "target": draft.target,
        "expectation": draft.expectation,
        "sealed": draft.sealed,
        "accepted_at": ticket.accepted_at.isoformat(),
        "due_at": ticket.due_at.isoformat(),
    }
