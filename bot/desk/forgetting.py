"""Forgetting: a caller's data on request, and everybody's when its time is over.

A recording goes before the records say so: what breaks in between is erased by the next attempt.
"""

import asyncio
from datetime import datetime

from bot.desk.counter import Counter
from bot.rules.errors import Rejected
from bot.rules.privacy import mask
from bot.store import Look
from knowledge_base.retention import load_retention


class Forgetting(Counter):
    """Erases personal data (个人信息保护法 第四十七条)."""

    async def forget(
        self, ticket_no: str, *, by: str, reason: str, at: datetime | None = None
    ) -> None:
        """Erase who a ticket is from, and what was said and recorded in its conversation and in
        the calls back; on the trail.

        Rejected while the ticket is still being handled: its unit has to reach the caller.
        """
        if not reason.strip():
            raise Rejected("a reason", code="missing", field="reason")
        at = self._at(at)
        async with self._store.begin() as records:
            ticket = await records.tickets.get(ticket_no, lock=True)
            if ticket.status.open:
                raise Rejected("the ticket is still handled", code="not_finished", field="status")
            calls = await records.forgetting.ticket(ticket_no, mask(ticket.draft.content))
            await records.forgetting.session(ticket.session_id)
            await asyncio.to_thread(self._erase, [ticket.session_id, *calls])
            await records.audit.add(Look(by, "forgotten", ticket_no, at, reason))

    async def forget_old(self, at: datetime | None = None) -> int:
        """Erase a batch of what is older than it may be; how much it was."""
        at, kept = self._at(at), load_retention()
        async with self._store.begin() as records:
            forgetting = records.forgetting
            sessions = await forgetting.conversations_before(at - kept.conversations)
            await asyncio.to_thread(self._erase, sessions)
            return (
                len(sessions)
                + await forgetting.callers_before(at - kept.ticket_callers)
                + await forgetting.letters_before(at - kept.letters)
            )
