"""A matter begun on the phone goes on here, once the platform has verified the person's number.

The person is told of it in their own session, once a matter, and a picture that belongs to
nothing said here lands on it: on the ticket, or on the call while it is still being held.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from bot.channels.wechat.phrases import phrases
from bot.clock import SHANGHAI
from bot.rules.privacy import mask
from bot.rules.session import Channel, Speaker, Status
from bot.rules.ticket import Ticket
from bot.rules.wechat import day_of, on_the_phone
from bot.store import Person, Records, Session, TicketFilter

RECENT = timedelta(days=7)
TICKETS_LOOKED_AT = 20
WHAT_CHARACTERS = 30


@dataclass(frozen=True)
class Begun:
    """``ticket``: None while a call has not yet led to one."""

    session_id: str
    ticket: Ticket | None
    on_the_phone: bool


async def begun_by_phone(records: Records, person: Person, at: datetime) -> Begun | None:
    """What the person last began on the phone and is not finished; None where there is none."""
    if not person.phone:
        return None
    call = await records.sessions.newest(person.phone, Channel.PHONE)
    if call is not None and on_the_phone(
        call.handler, call.begun_at, await _last_at(records, call), at
    ):
        return Begun(call.id, await _open_ticket(records, call.id), True)
    for ticket in await records.tickets.by_phone(person.phone, TICKETS_LOOKED_AT):
        by_phone = ticket.draft.channel == Channel.PHONE.value
        if by_phone and ticket.status.open and at - ticket.accepted_at < RECENT:
            return Begun(ticket.session_id, ticket, False)
    return None


async def remind(records: Records, session_id: str, person: Person, at: datetime) -> int:
    """Tell the person what goes on here, once; the number of the turn, 0 when nothing was said."""
    begun = await begun_by_phone(records, person, at)
    if begun is None:
        return 0
    about = begun.ticket.ticket_no if begun.ticket else begun.session_id
    session = await records.sessions.get(session_id, lock=True)
    name = f"continued/{about}"
    if await records.turns.heard(session.id, name) is not None:
        return 0
    told = Status.TICKET_TOLD.value
    return await records.turns.add(
        session.id, Speaker.BOT, _words(begun, at), at, utterance_id=name, status=told
    )


async def home_of_picture(
    records: Records, session_id: str, person: Person, at: datetime
) -> tuple[str, str | None]:
    """The session and the ticket that a picture belongs to which names none."""
    if await _open_ticket(records, session_id) is not None:
        return session_id, None
    begun = await begun_by_phone(records, person, at)
    if begun is None or (not begun.on_the_phone and await _being_reported(records, session_id)):
        return session_id, None
    return begun.session_id, begun.ticket.ticket_no if begun.ticket else None


def _words(begun: Begun, at: datetime) -> str:
    words = phrases()
    if begun.ticket is None:
        return words["on_the_phone"]
    ticket, then = begun.ticket, begun.ticket.accepted_at.astimezone(SHANGHAI)
    return words["continued"].format(
        day=words[f"day_{day_of(then, at.astimezone(SHANGHAI))}"].format(date=then),
        what=ticket.draft.category or mask(ticket.draft.content)[:WHAT_CHARACTERS],
        ticket_no=ticket.ticket_no,
        state=words["continued_transferred" if ticket.progress.transferred_at else "continued_new"],
    )


async def _last_at(records: Records, session: Session) -> datetime:
    turns = await records.turns.since(session.id, max(0, session.turns - 1))
    return turns[-1].at if turns else session.begun_at


async def _open_ticket(records: Records, session_id: str) -> Ticket | None:
    wanted = TicketFilter(session_id=session_id, open=True, limit=1)
    found = await records.tickets.listed(wanted)
    return found[0] if found else None


async def _being_reported(records: Records, session_id: str) -> bool:
    """Whether the dialogue is asking its questions of a report."""
    turns = reversed(await records.turns.since(session_id))
    machine = takewhile(lambda turn: turn.speaker is not Speaker.CALLER, turns)
    return any(turn.status == Status.ASKED.value for turn in machine)
