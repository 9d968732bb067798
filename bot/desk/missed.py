"""漏接回拨: callers who left before a person came, or asked to be called back.

The draft is kept for 24 hours, and given to whoever takes the next call of that number.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.desk.handoffs import Handoffs
from bot.desk.words import desk_words
from bot.rules.brief import brief
from bot.rules.errors import Rejected
from bot.rules.handoff import Handoff, HandoffStatus, next_status
from bot.rules.numbers import phone as phone_in
from bot.rules.session import Handler, Speaker
from bot.store import Missed, Records, Session

KEPT = timedelta(hours=24)
ATTEMPTS = 3


class MissedCallers(Handoffs):
    """Lists who is to be called back."""

    async def leave_number(
        self, session_id: str, phone: str, *, at: datetime | None = None
    ) -> Missed:
        """A waiting caller would rather be called back: out of the queue, on the list.

        Rejected: ``phone_malformed``; ``not_in_table`` when nobody is waited for.
        """
        number = phone_in(phone, expected=True)
        if number is None:
            raise Rejected("not a phone number", code="phone_malformed", field="phone")
        at = self._at(at)
        async with self._store.begin() as records:
            session = await records.sessions.get(session_id, lock=True)
            handoff = await records.handoffs.open_of(session_id)
            if handoff is None or handoff.status is not HandoffStatus.WAITING:
                raise Rejected("nobody is waited for", code="not_in_table", field="status")
            handoff = await self._gone(records, handoff, at)
            await records.sessions.set_handler(session_id, Handler.BOT)
            entry = await self._list(records, session, number, "asked", handoff, at)
        await self._tell_handoff(handoff, "abandoned")
        await self._announce(("desk", {"type": "missed"}))
        return entry

    async def hung_up(self, session_id: str, *, at: datetime | None = None) -> Missed | None:
        """A caller is gone: out of the queue if they waited, and listed if their matter was begun
        and a number is known. None when there is nobody to call back."""
        at = self._at(at)
        entry: Missed | None = None
        async with self._store.begin() as records:
            session = await records.sessions.get(session_id, lock=True)
            handoff = await records.handoffs.open_of(session_id)
            waited = handoff is not None and handoff.status is HandoffStatus.WAITING
            if session.handler is Handler.AGENT or session.handler is Handler.ENDED:
                return None
            if waited and handoff is not None:
                handoff = await self._gone(records, handoff, at)
            known = await records.missed.open_of(session_id)
            number = phone_in(session.caller or "", expected=True)
            if number and known is None and (waited or await _begun(records, session_id)):
                why = "queue" if waited else "report"
                entry = await self._list(records, session, number, why, handoff, at)
            await records.sessions.set_handler(session_id, Handler.ENDED, at=at)
        if waited and handoff is not None:
            await self._tell_handoff(handoff, "abandoned")
        if entry is not None:
            await self._announce(("desk", {"type": "missed"}))
        return entry

    async def missed(self) -> list[Missed]:
        """Whom to call back, longest missed first."""
        async with self._store.read() as records:
            return await records.missed.waiting()

    async def called_back(
        self, entry_id: int, *, by: str, reached: bool, note: str = "", at: datetime | None = None
    ) -> Missed:
        """What came of calling back; after three attempts in vain the entry is given up."""
        at = self._at(at)
        async with self._store.begin() as records:
            entry = await records.missed.get(entry_id, lock=True)
            if entry.status != "waiting":
                raise Rejected("it is over", code="not_in_table", field="status")
            attempts = entry.attempts + 1
            status = "done" if reached else "given_up" if attempts >= ATTEMPTS else "waiting"
            done_at = None if status == "waiting" else at
            values = {"attempts": attempts, "status": status, "by": by, "done_at": done_at}
            await records.missed.change(entry_id, **values, note=note)
            entry = await records.missed.get(entry_id)
        await self._announce(("desk", {"type": "missed"}))
        return entry

    async def _gone(self, records: Records, handoff: Handoff, at: datetime) -> Handoff:
        status = next_status(handoff.status, "abandon")
        handoff = replace(handoff, status=status, closed_at=at)
        await records.handoffs.save(handoff)
        return handoff

    @staticmethod
    async def _list(
        records: Records,
        session: Session,
        number: str,
        why: str,
        handoff: Handoff | None,
        at: datetime,
    ) -> Missed:
        turns = await records.turns.since(session.id)
        said = "；".join(t.text for t in turns if t.speaker is Speaker.CALLER)[-500:]
        draft = dict(handoff.draft) if handoff else {}
        summary = brief(draft | {"phone": number}, "", desk_words().brief, said)
        entry = Missed(
            session.id, session.channel.value, number, why, at, at + KEPT, summary, draft
        )
        known = await records.missed.open_of(session.id)
        if known is None:
            return await records.missed.add(entry)
        await records.missed.change(known.id, phone=number, why=why)
        return await records.missed.get(known.id)


async def _begun(records: Records, session_id: str) -> bool:
    """Whether a report was under way when the caller left: the last thing said asked for more."""
    turns = await records.turns.since(session_id)
    last = next((t for t in reversed(turns) if t.speaker is Speaker.BOT), None)
    return last is not None and last.status in ("asked", "failed", "timed_out")
