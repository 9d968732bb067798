"""Erasing personal data: of one ticket on request, and of all that is old enough.

Rows stay, so that figures and histories hold; what tells of a person goes.
"""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.attachments import attachments
from bot.store.call_backs import call_backs
from bot.store.handoffs import handoffs
from bot.store.missed import missed
from bot.store.notes import notes
from bot.store.outbox import outbox
from bot.store.ratings import ratings
from bot.store.sessions import sessions
from bot.store.ticket_table import identities, tickets
from bot.store.turns import turns
from bot.store.wechat_inbox import inbox

BATCH = 500
NOTHING = {"text": "", "data": None}  # what is left of an attachment


class Forgetting:
    """Erases, in one transaction. Each call takes a batch and says what it took."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def ticket(self, ticket_no: str, content: str) -> list[str]:
        """Whatever tells who a ticket is from goes: name, number, what was said, where exactly,
        its letters, what was said when it was called back. ``content`` stays of its matter, and
        category, district and street for the figures. The calls back, as sessions."""
        await self._erase_callers([ticket_no])
        await self._connection.execute(
            update(tickets)
            .where(tickets.c.ticket_no == ticket_no)
            .values(content=content, address="", occurred="", target="", expectation="")
        )
        await self._connection.execute(
            update(outbox)
            .where(outbox.c.ticket_no == ticket_no, outbox.c.state != "pending")
            .values(payload={}, state="forgotten")
        )
        ids = await self._connection.execute(
            select(call_backs.c.id).where(call_backs.c.ticket_no == ticket_no)
        )
        calls: list[str] = []
        for one in ids.scalars():
            query = select(sessions.c.id).where(sessions.c.id.startswith(f"call-back-{one}-"))
            calls += (await self._connection.execute(query)).scalars()
        await self._erase_sessions(calls)
        return calls

    async def session(self, session_id: str) -> None:
        """What was said in a conversation goes, and who called."""
        await self._erase_sessions([session_id])

    async def callers_before(self, moment: datetime) -> int:
        """Callers of tickets that were finished before then."""
        query = (
            select(tickets.c.ticket_no)
            .join(identities, identities.c.ticket_no == tickets.c.ticket_no)
            .where(
                tickets.c.runs_until.is_(None),
                tickets.c.accepted_at < moment,
                tickets.c.closed_at < moment,
                (identities.c.phone != "") | (identities.c.name != ""),
            )
            .limit(BATCH)
        )
        numbers = list((await self._connection.execute(query)).scalars())
        await self._erase_callers(numbers)
        return len(numbers)

    async def conversations_before(self, moment: datetime) -> list[str]:
        """Conversations that began before then: which."""
        query = (
            select(sessions.c.id)
            .where(sessions.c.begun_at < moment, sessions.c.forgotten.is_(False))
            .order_by(sessions.c.begun_at)
            .limit(BATCH)
        )
        ids = list((await self._connection.execute(query)).scalars())
        await self._erase_sessions(ids)
        return ids

    async def letters_before(self, moment: datetime) -> int:
        """Contents of letters delivered before then."""
        query = (
            select(outbox.c.id)
            .where(outbox.c.state == "sent", outbox.c.sent_at < moment)
            .limit(BATCH)
        )
        ids = list((await self._connection.execute(query)).scalars())
        await self._connection.execute(
            update(outbox).where(outbox.c.id.in_(ids)).values(payload={}, state="forgotten")
        )
        return len(ids)

    async def _erase_callers(self, numbers: list[str]) -> None:
        await self._connection.execute(
            update(identities).where(identities.c.ticket_no.in_(numbers)).values(name="", phone="")
        )
        await self._connection.execute(
            update(tickets).where(tickets.c.ticket_no.in_(numbers)).values(transcript="")
        )
        await self._connection.execute(
            update(ratings).where(ratings.c.ticket_no.in_(numbers)).values(comment="")
        )
        await self._connection.execute(
            update(call_backs).where(call_backs.c.ticket_no.in_(numbers)).values(finding="")
        )
        await self._connection.execute(
            update(attachments).where(attachments.c.ticket_no.in_(numbers)).values(**NOTHING)
        )

    async def _erase_sessions(self, ids: list[str]) -> None:
        await self._connection.execute(
            update(turns).where(turns.c.session_id.in_(ids)).values(text="", outcome=None, gap=None)
        )
        await self._connection.execute(
            update(handoffs).where(handoffs.c.session_id.in_(ids)).values(summary="", draft={})
        )
        await self._connection.execute(
            update(attachments).where(attachments.c.session_id.in_(ids)).values(**NOTHING)
        )
        await self._connection.execute(
            update(missed)
            .where(missed.c.session_id.in_(ids))
            .values(phone="", summary="", draft={}, note="")
        )
        await self._connection.execute(
            update(notes).where(notes.c.session_id.in_(ids)).values(text="")
        )
        await self._connection.execute(
            update(inbox).where(inbox.c.session_id.in_(ids)).values(facts={})
        )
        await self._connection.execute(
            update(sessions).where(sessions.c.id.in_(ids)).values(caller=None, forgotten=True)
        )
