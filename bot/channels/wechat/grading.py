"""A grade said where the result was told: "5", "满意" or "不满意" and why rates the ticket.

Whoever has been told that a ticket is closed and has not rated it may answer in words. After a bad
grade without a reason the next message is the reason, and reaches the unit. Everything else goes
on to the conversation, danger first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.channels.chat import Hearing
from bot.channels.wechat.people import person_in, sessions_of
from bot.channels.wechat.phrases import phrases
from bot.clock import Clock
from bot.desk import Desk
from bot.noting import note_replies, note_utterance
from bot.rules.call_back import BAD, graded
from bot.rules.errors import Rejected
from bot.rules.session import (
    Channel,
    Handler,
    Outcome,
    Reply,
    Speaker,
    Status,
    Utterance,
)
from bot.rules.ticket import TicketStatus
from bot.store import Records, Session, Store
from knowledge_base.call_back import load_call_back

GRADED = "graded"
TURNS_LOOKED_AT = 6


@dataclass(frozen=True)
class Grading:
    """Hears grades, and passes the rest on to ``hearing``. ``screen`` hears danger."""

    hearing: Hearing
    store: Store
    desk: Desk
    screen: Callable[[str], object | None]
    clock: Clock

    async def begin(
        self, session_id: str, channel: Channel, caller: str | None, at: datetime
    ) -> Outcome:
        """The opening sentence, as the conversation says it."""
        return await self.hearing.begin(session_id, channel, caller, at)

    async def hear(self, utterance: Utterance) -> Outcome:
        """A grade, the reason of one, or what the conversation makes of it."""
        outcome = None if self.screen(utterance.text) else await self._rating(utterance)
        return outcome or await self.hearing.hear(utterance)

    async def _rating(self, utterance: Utterance) -> Outcome | None:
        lexicon = load_call_back().lexicon
        found = graded(utterance.text, lexicon.grades)
        async with self.store.read() as records:
            session = await records.sessions.get(utterance.session_id)
            known = await records.turns.heard(session.id, utterance.id)
            if known is not None or session.handler is not Handler.BOT:
                return None
            unrated = await _unrated(records, session.id) if found else None
            reasoned = await _reason_asked(records, session)
        if found is not None and unrated is not None:
            return await self._rate(utterance, unrated, *found)
        if reasoned is not None and not any(word in utterance.text for word in lexicon.person):
            return await self._reason(utterance, reasoned)
        return None

    async def _rate(
        self, utterance: Utterance, ticket_no: str, grade: int, comment: str
    ) -> Outcome | None:
        at = utterance.heard_at
        try:
            await self.desk.rate(ticket_no, grade, method="wechat", comment=comment, at=at)
        except Rejected:  # rated on the page at this moment
            return None
        if comment and grade <= BAD:  # a ticket that is archived takes nothing more
            await self.desk.add_remark(
                ticket_no, comment, session_id=utterance.session_id, at=utterance.heard_at
            )
        name = "graded" if grade > BAD else "graded_reason" if comment else "graded_bad"
        return await self._answered(utterance, name, ticket_no)

    async def _reason(self, utterance: Utterance, ticket_no: str) -> Outcome | None:
        try:
            await self.desk.add_remark(
                ticket_no,
                utterance.text,
                session_id=utterance.session_id,
                at=utterance.heard_at,
            )
        except Rejected:  # the ticket is over
            return None
        return await self._answered(utterance, "graded_reason", ticket_no)

    async def _answered(self, utterance: Utterance, name: str, ticket_no: str) -> Outcome:
        reply = Reply(phrases()[name])
        outcome = Outcome(
            utterance.id, Status.RATED, (reply,), ticket_no=ticket_no, facts={GRADED: name}
        )
        async with self.store.begin() as records:
            await note_utterance(records, utterance, outcome)
            await note_replies(
                records, utterance.session_id, outcome.replies, outcome.status, self.clock()
            )
        return outcome


async def _unrated(records: Records, session_id: str) -> str | None:
    """The person's ticket that was closed last and waits to be rated."""
    person = person_in(session_id)
    tickets = await records.tickets.by_sessions(*sessions_of(person)) if person else []
    closed = [one for one in tickets if one.status is TicketStatus.CALLING_BACK]
    last = max(closed, key=lambda one: one.progress.closed_at or one.accepted_at, default=None)
    return last.ticket_no if last else None


async def _reason_asked(records: Records, session: Session) -> str | None:
    """The ticket whose bad grade was just given, and whose reason was asked for."""
    turns = await records.turns.since(session.id, max(0, session.turns - TURNS_LOOKED_AT))
    said = [turn.outcome for turn in turns if turn.speaker is Speaker.CALLER]
    last = (said[-1] if said else None) or {}
    asked = last.get("facts", {}).get(GRADED) == "graded_bad"
    return last.get("ticket_no") if asked else None
