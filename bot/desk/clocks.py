"""What happens when a clock reaches a mark: a warning, an alarm, a breach. Each once."""

from dataclasses import replace
from datetime import datetime

from bot.desk.ledger import MACHINE, Ledger, letter
from bot.log import logger
from bot.rules.errors import NotFound, Rejected
from bot.rules.lifecycle import Order
from bot.rules.sla import ClockName, Mark
from bot.rules.ticket import Command, Ticket
from bot.store import Due, Event, NewLetter, Records

log = logger(__name__)


class Clocks(Ledger):
    """Acts on what is due. Any number of workers may ask: the claim and what is done about it
    are one transaction."""

    async def strike(self, at: datetime | None = None, limit: int = 500) -> list[Due]:
        """Take up to ``limit`` marks that are reached, act on them, and return them."""
        at = self._at(at)
        async with self._store.begin() as records:
            struck = await records.deadlines.claim(at, limit)
            ended = [due for due in struck if due.mark is Mark.BREACH]
            for due in ended:
                if due.clock is ClockName.CALL_BACK:
                    await self._archive(records, due, at)
            late = [due for due in ended if due.clock is not ClockName.CALL_BACK]
            await self._breach(records, late, at)
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

    async def _archive(self, records: Records, due: Due, at: datetime) -> None:
        """The time to rate is over. A ticket that has gone elsewhere stops no other clock."""
        try:
            order = Order(Command.ARCHIVE, MACHINE, at, "call_back_over")
            await self._change(records, due.ticket_no, order)
        except (Rejected, NotFound) as error:
            log.error("clocks.impossible", ticket_no=due.ticket_no, error=str(error))

    async def _breach(self, records: Records, late: list[Due], at: datetime) -> None:
        """Recorded for ever, many at once: at six in the evening hundreds may fall due together.

        The first moment of each kind stays on the ticket, the history has them all. Overdue
        handling is supervised (超期督办), and its unit hears of it.
        """
        found = await records.tickets.many([due.ticket_no for due in late])
        tickets, events, letters = [], [], []
        for due in late:
            ticket = _breached(found[due.ticket_no], due)
            facts = {"clock": due.clock.value, "due_at": due.due_at.isoformat()}
            tickets.append(ticket)
            status = ticket.status.value
            number, version = ticket.ticket_no, ticket.version
            events.append(Event(number, version, "breached", status, MACHINE, at, facts=facts))
            if due.clock is not ClockName.TRANSFER:
                order = Order(Command.SUPERVISE, MACHINE, at, "overdue", facts)
                key = f"{number}/{version}"
                letters.append(NewLetter(key, number, "overdue", letter(ticket, order), at))
        await records.tickets.mark_breached(tickets)
        await records.history.add(events)
        await records.outbox.add(letters)


def _breached(ticket: Ticket, due: Due) -> Ticket:
    progress = ticket.progress
    if due.clock is ClockName.TRANSFER:
        progress = replace(progress, transfer_breached_at=due.due_at)
    else:
        first = progress.handling_breached_at or due.due_at
        progress = replace(progress, handling_breached_at=first, supervised=True)
    return replace(ticket, progress=progress, version=ticket.version + 1)
