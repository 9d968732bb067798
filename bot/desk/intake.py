"""受理: a draft becomes a ticket with clocks, history and letter, in one transaction."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.desk.ledger import MACHINE, Ledger
from bot.rules.errors import Rejected
from bot.rules.lifecycle import Order
from bot.rules.routing import Route, more_urgent, route
from bot.rules.sla import transfer_deadlines
from bot.rules.ticket import Command, Draft, Ticket, TicketStatus
from bot.store import Event, Records

CONTENT_MAX_CHARACTERS = 10_000
KEY_MAX_CHARACTERS = 128


class Intake(Ledger):
    """Opens tickets."""

    def propose(self, draft: Draft) -> Route:
        """Which unit the catalogue proposes for a draft, how sure, and what to ask."""
        said = f"{draft.content} {draft.address} {draft.target} {draft.transcript}"
        return route(draft.category, draft.district, said, self._rules.routing)

    async def open(
        self,
        draft: Draft,
        *,
        key: str,
        session_id: str,
        by: str,
        at: datetime | None = None,
    ) -> Ticket:
        """Open a ticket; the same ``key`` again gets the same ticket and changes nothing.

        The ticket goes out by itself when the catalogue and the understanding agree surely
        enough; else it waits for a person with a proposal. Raises Rejected naming the field.
        """
        _check(draft, key)
        try:
            ticket, new = await self._opened(draft, key, session_id, by, self._at(at))
        except Rejected as error:
            if error.code != "conflict":
                raise
            async with self._store.read() as records:  # somebody with the same key was faster
                known = await records.tickets.by_key(key)
            if known is None:
                raise
            return known
        if new:
            await self._tell(ticket, "opened")
        return ticket

    async def _opened(
        self, draft: Draft, key: str, session_id: str, by: str, at: datetime
    ) -> tuple[Ticket, bool]:
        proposal = self.propose(draft)
        async with self._store.begin() as records:
            known = await records.tickets.by_key(key)
            if known is not None:
                return known, False
            ticket = self._accepted(draft, proposal, session_id, at)
            ticket = replace(ticket, ticket_no=await records.tickets.next_number(at))
            await records.tickets.add(ticket, key)
            facts = {"rule": ticket.rule_id, "proposed": ticket.lead_unit}
            facts["kind"] = draft.kind.value
            await records.history.add(_first_row(ticket, by, facts))
            marks = transfer_deadlines(at, ticket.draft.urgency, self.policy)
            await records.deadlines.add(ticket.ticket_no, marks)
            if self._goes_by_itself(proposal):
                await self._send(records, ticket.ticket_no, proposal, at)
            return await records.tickets.get(ticket.ticket_no), True

    async def _send(self, records: Records, ticket_no: str, proposal: Route, at: datetime) -> None:
        """Transfer at once, by the catalogue."""
        facts = {"lead_unit": proposal.lead_unit, "co_units": list(proposal.co_units)}
        facts["rule"] = proposal.rule_id
        await self._change(records, ticket_no, Order(Command.TRANSFER, MACHINE, at, facts=facts))

    def _accepted(self, draft: Draft, proposal: Route, session_id: str, at: datetime) -> Ticket:
        urgency = more_urgent(draft.urgency, proposal.urgency)
        draft = replace(draft, urgency=urgency, category=draft.category or proposal.category)
        ticket = Ticket(
            ticket_no="",
            session_id=session_id,
            draft=draft,
            status=TicketStatus.AWAITING_TRANSFER,
            accepted_at=at,
            transfer_due_at=self.policy.transfer_due(at, urgency),
            due_at=at,
            lead_unit=proposal.lead_unit,
            co_units=proposal.co_units,
            rule_id=proposal.rule_id,
            confidence=proposal.confidence,
        )
        return replace(ticket, due_at=self.policy.handling_due(ticket))

    def _goes_by_itself(self, proposal: Route) -> bool:
        sure = proposal.confidence >= self.policy.auto_transfer_confidence
        return proposal.auto and proposal.agreed and sure


def _first_row(ticket: Ticket, by: str, facts: dict[str, Any]) -> Event:
    return Event(
        ticket.ticket_no, 1, "opened", ticket.status.value, by, ticket.accepted_at, facts=facts
    )


def _check(draft: Draft, key: str) -> None:
    if not key or len(key) > KEY_MAX_CHARACTERS:
        raise Rejected("a key of 1 to 128 characters", code="missing", field="key")
    if not draft.content.strip():
        raise Rejected("a ticket says what it is about", code="missing", field="content")
    if len(draft.content) > CONTENT_MAX_CHARACTERS:
        raise Rejected("content is too long", code="too_long", field="content")
