"""What happens when a clock reaches a mark: a warning, an alarm, a breach. Each once."""

from dataclasses import replace
from datetime import datetime

from bot.desk.ledger import MACHINE, Ledger
from bot.rules.lifecycle import Order
from bot.rules.sla import ClockName, Mark
from bot.rules.ticket import Command
from bot.store import Due, Event, Records


class Clocks(Ledger):
    """Acts on what is due. Any number of workers may ask: the claim and what is done about it
    are one transaction."""

    async def strike(self, at: datetime | None = None, limit: int = 100) -> list[Due]:
        """Take up to ``limit`` marks that are reached and act on them; returns what was struck."""
        at = self._at(at)
        async with self._store.begin() as records:
            struck = await records.deadlines.claim(at, limit)
            for due in struck:
                if due.mark is Mark.BREACH:
                    await self._end(records, due, at)
        for due in struck:
            await self._announce(
                (
                    "desk",
                    {
                        "type": "deadline",
                        "ticket_no": due.ticket_no,
                        "clock": due.clock.value,
                        "mark": due.mark.value,
                        "due_at": due.due_at.isoformat(),
                    },
                )
            )
        return struck

    async def _end(self, records: Records, due: Due, at: datetime) -> None:
        if due.clock is ClockName.CALL_BACK:
            order = Order(Command.ARCHIVE, MACHINE, at, "call_back_over")
            await self._change(records, due.ticket_no, order)
            return
        await self._breach(records, due, at)

    async def _breach(self, records: Records, due: Due, at: datetime) -> None:
        """Recorded for ever: the first moment of each kind stays, and the history has them all."""
        ticket = await records.tickets.get(due.ticket_no, lock=True)
        progress = ticket.progress
        if due.clock is ClockName.TRANSFER:
            progress = replace(progress, transfer_breached_at=due.due_at)
        elif progress.handling_breached_at is None:
            progress = replace(progress, handling_breached_at=due.due_at)
        ticket = replace(ticket, progress=progress, version=ticket.version + 1)
        await records.tickets.save(ticket)
        facts = {"clock": due.clock.value, "due_at": due.due_at.isoformat()}
        await records.history.add(
            Event(
                ticket.ticket_no,
                ticket.version,
                "breached",
                ticket.status.value,
                MACHINE,
                at,
                facts=facts,
            )
        )
        if due.clock is not ClockName.TRANSFER:
            facts = {"way": "supervision", "clock": due.clock.value}
            order = Order(Command.SUPERVISE, MACHINE, at, "overdue", facts)
            await self._change(records, due.ticket_no, order)
