"""回执: what units' systems tell us, each notice once, whatever it brings."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.desk.ledger import Ledger
from bot.rules.errors import Rejected
from bot.rules.lifecycle import Order
from bot.rules.notice import Notice, commands
from bot.store import Look


class Noticing(Ledger):
    """Takes notices."""

    async def notice(self, notice: Notice, at: datetime | None = None) -> dict[str, Any]:
        """Act on a notice; the same id again gets the same answer and changes nothing.

        The answer: ``{"result": "done" | "already" | "refused", …}``. A refusal is on the audit
        trail. NotFound when there is no such ticket.
        """
        at = self._at(at)
        try:
            async with self._store.begin() as records:
                ticket = await records.tickets.get(notice.ticket_no, lock=True)
                known = await records.notices.result(notice.id)
                if known is not None:
                    return known
                wanted = commands(notice, ticket)
                for command in wanted:
                    order = Order(command, notice.unit, at, notice.reason, dict(notice.facts))
                    ticket = await self._change(records, notice.ticket_no, order)
                answer = {
                    "result": "done" if wanted else "already",
                    "status": ticket.status.value,
                    "version": ticket.version,
                }
                await records.notices.add(notice.id, notice.ticket_no, notice.event, answer, at)
        except Rejected as refusal:
            return await self._refused(notice, refusal, at)
        if wanted:
            await self._tell(ticket, notice.event)
        return answer

    async def _refused(self, notice: Notice, refusal: Rejected, at: datetime) -> dict[str, Any]:
        answer = {"result": "refused", "code": refusal.code, "field": refusal.field}
        said = {name: asdict(notice)[name] for name in ("id", "event")}
        look = Look(notice.unit[:64], "notice_refused", notice.ticket_no, at, facts=said | answer)
        async with self._store.begin() as records:
            known = await records.notices.result(notice.id)
            if known is not None:
                return known
            await records.notices.add(notice.id, notice.ticket_no, notice.event, answer, at)
            await records.audit.add(look)
        return answer
