"""办理: what callers, agents and units ask of a ticket, by its own name each."""

from collections.abc import Sequence
from datetime import datetime

from bot.desk.ledger import Ledger
from bot.rules.errors import Rejected
from bot.rules.ticket import Command, Ticket


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
        """撤单. A hazard is not withdrawn: Rejected with the code ``hazard``."""
        return await self.order(ticket_no, Command.WITHDRAW, by=by, reason=reason, at=at)
