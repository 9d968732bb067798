"""办理: what callers, agents and units ask of a ticket, by its own name each."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.desk.ledger import Ledger
from bot.rules.errors import Rejected
from bot.rules.lifecycle import Order
from bot.rules.ticket import RUNNING, Command, Ticket, TicketStatus
from bot.store import Records

# A ticket that others were merged into is not the caller's own any more.
ALONE = frozenset({Command.WITHDRAW, Command.MERGE, Command.REFER})


class Progress(Ledger):
    """Moves tickets along. What has no verb of its own here goes through ``order``."""

    async def transfer(
        self,
        ticket_no: str,
        unit: str,
        *,
        by: str,
        co_units: Sequence[str] = (),
        version: int | None = None,
        reason: str = "",
        at: datetime | None = None,
    ) -> Ticket:
        """转派: hand the ticket to a unit. Unknown units are refused."""
        for name in (unit, *co_units):
            if name not in self._rules.units:
                raise Rejected(f"no such unit: {name}", code="unknown_unit", field="lead_unit")
        facts = {"lead_unit": unit, "co_units": list(co_units)}
        return await self.order(
            ticket_no,
            Command.TRANSFER,
            by=by,
            reason=reason,
            facts=facts,
            version=version,
            at=at,
        )

    async def urge(
        self, ticket_no: str, *, by: str, reason: str = "", at: datetime | None = None
    ) -> Ticket:
        """催办: the caller asks to hurry."""
        return await self.order(ticket_no, Command.URGE, by=by, reason=reason, at=at)

    async def withdraw(
        self, ticket_no: str, *, by: str, reason: str = "", at: datetime | None = None
    ) -> Ticket:
        """撤单. Rejected with the code ``hazard`` where people may come to harm, and with
        ``others_wait`` where other callers' tickets were merged into this one."""
        return await self.order(ticket_no, Command.WITHDRAW, by=by, reason=reason, at=at)

    async def merge(
        self, ticket_no: str, into: str, *, by: str, reason: str = "", at: datetime | None = None
    ) -> Ticket:
        """并单: the same matter at the same place; the caller still gets the main ticket's
        answer. Refused across districts and beyond the policy's days."""
        facts = {"into": into}
        return await self.order(ticket_no, Command.MERGE, by=by, reason=reason, facts=facts, at=at)

    async def duplicates(self, ticket_no: str) -> list[Ticket]:
        """Open tickets that this one might be merged into, oldest first."""
        async with self._store.read() as records:
            ticket = await records.tickets.get(ticket_no)
            since = ticket.accepted_at - timedelta(days=self.policy.merge_days)
            return await records.tickets.alike(ticket, since)

    async def _before(self, records: Records, ticket: Ticket, order: Order) -> None:
        """What needs a look at other tickets."""
        if order.command in ALONE and await records.tickets.merged_into(ticket.ticket_no):
            raise Rejected("other callers wait for it", code="others_wait", field="merged_into")
        if order.command is Command.MERGE and order.facts.get("into"):
            main = await records.tickets.get(str(order.facts["into"]), lock=True)
            self._check_main(ticket, main)

    def _check_main(self, ticket: Ticket, main: Ticket) -> None:
        if main.status not in RUNNING | {TicketStatus.UNDER_REVIEW}:
            raise Rejected("the main ticket is not open", code="not_open", field="into")
        if main.draft.district != ticket.draft.district:
            raise Rejected("not the same place", code="other_place", field="into")
        if abs(main.accepted_at - ticket.accepted_at) > timedelta(days=self.policy.merge_days):
            raise Rejected("too far apart in time", code="too_far", field="into")
