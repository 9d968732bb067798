"""Looking tickets up. Names and numbers come masked; a look at them in clear is noted."""

from datetime import datetime

from bot.desk.counter import Counter
from bot.rules.errors import Rejected
from bot.rules.sla import light
from bot.rules.ticket import Light, Ticket
from bot.store import Event, Identity, Look, TicketFilter

MAY_LOOK = frozenset({"agent", "supervisor", "admin"})
MAY_LOOK_SEALED = frozenset({"supervisor"})


class Reading(Counter):
    """Reads tickets."""

    async def find(self, ticket_no: str) -> Ticket:
        """The ticket, masked; NotFound when there is none."""
        async with self._store.read() as records:
            return await records.tickets.get(ticket_no)

    async def find_by_phone(self, phone: str, limit: int = 20) -> list[Ticket]:
        """The tickets of a number, newest first."""
        async with self._store.read() as records:
            return await records.tickets.by_phone(phone, limit)

    async def tickets(self, wanted: TicketFilter | None = None) -> list[Ticket]:
        """The tickets of a list, the one with the least time left first."""
        async with self._store.read() as records:
            return await records.tickets.listed(wanted or TicketFilter())

    async def history(self, ticket_no: str) -> list[Event]:
        """All that happened to a ticket, in order."""
        async with self._store.read() as records:
            return await records.history.of(ticket_no)

    def light(self, ticket: Ticket, at: datetime | None = None) -> Light | None:
        """The light of the ticket's running clock; None when none runs."""
        return light(ticket, self._at(at), self.policy)

    async def identity(
        self, ticket_no: str, *, by: str, role: str, reason: str, at: datetime | None = None
    ) -> Identity:
        """Name and number in clear. Each look is recorded, and so is each refusal.

        Of a confidential or anonymous ticket only a supervisor may see them, and says why.
        """
        at = self._at(at)
        async with self._store.begin() as records:
            ticket = await records.tickets.get(ticket_no)
            sealed = ticket.draft.sealed
            allowed = role in (MAY_LOOK_SEALED if sealed else MAY_LOOK) and bool(reason.strip())
            action = "identity_seen" if allowed else "identity_refused"
            facts = {"role": role, "sealed": sealed}
            await records.audit.add(Look(by, action, ticket_no, at, reason, facts))
            identity = await records.tickets.identity(ticket_no) if allowed else None
        if identity is None:
            field = "role" if reason.strip() else "reason"
            raise Rejected("name and number are sealed", code="sealed", field=field)
        return identity
