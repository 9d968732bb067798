"""受理: drafts become tickets with clocks, history and letters, many in one transaction."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.desk.counter import Announcer, Rulebook, none_kept
from bot.desk.ledger import MACHINE, Ledger, letter
from bot.desk.together import Together
from bot.rules.errors import Rejected
from bot.rules.lifecycle import Order, carry_out
from bot.rules.routing import Route, more_urgent
from bot.rules.sla import running_marks
from bot.rules.ticket import Command, Draft, Ticket, TicketStatus
from bot.store import Event, NewLetter, Records, Store

LONGEST = {
    "content": 10_000,
    "transcript": 100_000,
    "address": 500,
    "occurred": 500,
    "target": 500,
    "expectation": 2_000,
    "category": 64,
    "district": 32,
    "street": 32,
    "name": 64,
    "phone": 32,
    "channel": 16,
}
KEY_MAX_CHARACTERS = 128


@dataclass(frozen=True)
class Opening:
    """A checked draft on its way into the records."""

    draft: Draft
    key: str
    session_id: str
    by: str
    at: datetime
    proposal: Route


class Intake(Ledger):
    """Opens tickets."""

    def __init__(
        self,
        store: Store,
        announcer: Announcer | None = None,
        rulebook: Rulebook | None = None,
        erase: Callable[[Iterable[str]], None] = none_kept,
    ) -> None:
        super().__init__(store, announcer, rulebook, erase)
        self._openings: Together[Opening, tuple[Ticket, bool]] = Together(self._write_openings)

    def propose(self, draft: Draft) -> Route:
        """Which unit the catalogue proposes for a draft, how sure, and what to ask."""
        said = f"{draft.content} {draft.address} {draft.target} {draft.transcript}"
        return self._rules.catalogue.route(draft.category, draft.district, said)

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
        _check(draft, key, session_id)
        opening = Opening(draft, key, session_id, by, self._at(at), self.propose(draft))
        ticket, new = await self._openings.add(opening)
        if new:
            await self._tell(ticket, "opened")
        return ticket

    async def _write_openings(self, openings: Sequence[Opening]) -> Sequence[tuple[Ticket, bool]]:
        try:
            return await self._write_once(openings)
        except Rejected as error:
            # Another process opened one of the keys at this moment: now it is known.
            if error.code != "conflict":
                raise
            return await self._write_once(openings)

    async def _write_once(self, openings: Sequence[Opening]) -> Sequence[tuple[Ticket, bool]]:
        """For each opening its ticket, and whether it is new."""
        async with self._store.begin() as records:
            keys = {opening.key for opening in openings}
            known = await records.tickets.by_keys(keys)
            new = {one.key: one for one in reversed(openings) if one.key not in known}
            written = await self._write_new(records, list(reversed(new.values())))
        told: set[str] = set()
        results = []
        for opening in openings:
            first = opening.key in written and opening.key not in told
            told.add(opening.key)
            results.append((written.get(opening.key) or known[opening.key], first))
        return results

    async def _write_new(self, records: Records, openings: Sequence[Opening]) -> dict[str, Ticket]:
        if not openings:
            return {}
        numbers = await records.tickets.next_numbers([opening.at for opening in openings])
        tickets: dict[str, Ticket] = {}
        events: list[Event] = []
        going: list[tuple[Ticket, Order]] = []
        for opening, number in zip(openings, numbers, strict=True):
            ticket = replace(self._accepted(opening), ticket_no=number)
            events.append(_first_row(ticket, opening))
            if self._goes_by_itself(opening.proposal):
                order = _by_itself(opening)
                ticket = carry_out(ticket, order, self.policy)
                events.append(Event.of(ticket, order))
                going.append((ticket, order))
            tickets[opening.key] = ticket
        await records.tickets.add(tickets)
        await records.history.add(events)
        marks = {one.ticket_no: running_marks(one, self.policy) for one in tickets.values()}
        await records.deadlines.add(marks)
        await records.outbox.add([_letter(t, o) for t, o in going])
        return {key: ticket.masked() for key, ticket in tickets.items()}

    def _accepted(self, opening: Opening) -> Ticket:
        draft, proposal = opening.draft, opening.proposal
        urgency = more_urgent(draft.urgency, proposal.urgency)
        draft = replace(draft, urgency=urgency, category=draft.category or proposal.category)
        goes = self._goes_by_itself(proposal)
        ticket = Ticket(
            ticket_no="",
            session_id=opening.session_id,
            draft=draft,
            status=TicketStatus.ACCEPTED if goes else TicketStatus.AWAITING_TRANSFER,
            accepted_at=opening.at,
            transfer_due_at=self.policy.transfer_due(opening.at, urgency),
            due_at=opening.at,
            lead_unit=proposal.lead_unit,
            co_units=proposal.co_units,
            rule_id=proposal.rule_id,
            confidence=proposal.confidence,
        )
        return replace(ticket, due_at=self.policy.handling_due(ticket))

    def _goes_by_itself(self, proposal: Route) -> bool:
        sure = proposal.confidence >= self.policy.auto_transfer_confidence
        return proposal.auto and proposal.agreed and sure


def _by_itself(opening: Opening) -> Order:
    """The transfer by the catalogue."""
    proposal = opening.proposal
    facts = {
        "lead_unit": proposal.lead_unit,
        "co_units": list(proposal.co_units),
        "rule": proposal.rule_id,
    }
    return Order(Command.TRANSFER, MACHINE, opening.at, facts=facts)


def _letter(ticket: Ticket, order: Order) -> NewLetter:
    kind = order.command.value
    return NewLetter(ticket.ticket_no, ticket.ticket_no, kind, letter(ticket, order), order.at)


def _first_row(ticket: Ticket, opening: Opening) -> Event:
    facts = {
        "rule": opening.proposal.rule_id,
        "proposed": opening.proposal.lead_unit,
        "kind": ticket.draft.kind.value,
    }
    status = ticket.status.value
    return Event(ticket.ticket_no, 1, "opened", status, opening.by, opening.at, facts=facts)


def _check(draft: Draft, key: str, session_id: str) -> None:
    if not key or len(key) > KEY_MAX_CHARACTERS:
        raise Rejected("a key of 1 to 128 characters", code="missing", field="key")
    if not session_id or len(session_id) > KEY_MAX_CHARACTERS:
        raise Rejected("a session of 1 to 128 characters", code="missing", field="session_id")
    if not draft.content.strip():
        raise Rejected("a ticket says what it is about", code="missing", field="content")
    for name, longest in LONGEST.items():
        value = getattr(draft, name)
        if len(value) > longest:
            raise Rejected(f"at most {longest} characters", code="too_long", field=name)
        if "\x00" in value:
            raise Rejected("a NUL character", code="bad_character", field=name)
