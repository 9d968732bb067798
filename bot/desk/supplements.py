"""补充材料: what a caller adds to a ticket; its handling unit is told where it has the ticket."""

from dataclasses import replace
from datetime import datetime
from secrets import token_hex
from typing import Any

from bot.desk.ledger import Ledger
from bot.desk.pictures import picture_type
from bot.desk.words import desk_words
from bot.rules.errors import NotFound, Rejected
from bot.rules.session import Handler, Speaker
from bot.store import Attachment, Look, NewLetter, Records, TicketFilter
from bot.telling import turn_event

MOST_OF_A_SESSION = 30
REMARK_CHARACTERS = 1_000


def supplement(added: Attachment) -> dict[str, Any]:
    """How a letter names what was added. A picture's bytes are fetched by its ``attachment``."""
    return {
        "kind": added.kind,
        "attachment": added.id,
        "mime": added.mime,
        "text": added.text,
        "at": added.added_at.isoformat(),
    }


class Supplements(Ledger):
    """Takes what callers add."""

    async def add_picture(
        self,
        session_id: str,
        data: bytes,
        *,
        ticket_no: str | None = None,
        key: str | None = None,
        at: datetime | None = None,
    ) -> Attachment:
        """A picture to a ticket, or to the report being taken. The same ``key`` is taken once."""
        new = self._new(session_id, "picture", await picture_type(data), ticket_no, key, at)
        return await self._add(new, data)

    async def show_picture(
        self, session_id: str, data: bytes, *, agent: str | None = None, at: datetime | None = None
    ) -> Attachment:
        """A picture as a turn of the conversation: the caller's, or an agent's who has the caller.

        Rejected: as ``add_picture``; ``not_yours``; ``ended``.
        """
        new = self._new(session_id, "picture", await picture_type(data), None, None, at)
        card = {"kind": "picture", "picture": new.id}
        async with self._store.begin() as records:
            session = await records.sessions.get(session_id, lock=True)
            if session.handler is Handler.ENDED:
                raise Rejected("the session has ended", code="ended", field="session_id")
            if agent is not None and session.agent != agent:
                raise Rejected("the session is not this agent's", code="not_yours", field="agent")
            if await records.attachments.counted(session_id) >= MOST_OF_A_SESSION:
                raise Rejected("too many attachments", code="too_many", field="file")
            await records.attachments.add(new, data)
            speaker = Speaker.CALLER if agent is None else Speaker.AGENT
            outcome = {"card": card} | ({"agent": agent} if agent else {})
            text = desk_words().picture
            await records.turns.add(session_id, speaker, text, self._at(at), outcome=outcome)
            event = turn_event(records.turns.added)
        await self._announce((f"session:{session_id}", event))
        return new

    async def picture(self, session_id: str, attachment_id: str) -> tuple[str, bytes]:
        """Type and bytes of a session's picture. NotFound, also when it is another session's."""
        async with self._store.read() as records:
            found = await records.attachments.find(attachment_id)
            if found is None or found.session_id != session_id or found.kind != "picture":
                raise NotFound("no such picture")
            return found.mime, await records.attachments.data(attachment_id)

    async def picture_for_unit(
        self, ticket_no: str, attachment_id: str, *, at: datetime | None = None
    ) -> tuple[str, bytes]:
        """Type and bytes of a ticket's picture, for the unit that has it; the look is recorded.
        NotFound, also when the ticket has not been transferred."""
        async with self._store.begin() as records:
            ticket = await records.tickets.get(ticket_no)
            added = await records.attachments.of(ticket_no, ticket.session_id)
            mimes = {one.id: one.mime for one in added if one.kind == "picture"}
            if ticket.progress.transferred_at is None or attachment_id not in mimes:
                raise NotFound("no such picture")
            facts = {"attachment": attachment_id}
            look = Look(ticket.lead_unit, "picture_fetched", ticket_no, self._at(at), "", facts)
            await records.audit.add(look)
            return mimes[attachment_id], await records.attachments.data(attachment_id)

    async def add_remark(
        self, ticket_no: str, text: str, *, session_id: str, at: datetime | None = None
    ) -> Attachment:
        """Words to a ticket."""
        text = text.strip()
        if not text:
            raise Rejected("nothing to add", code="text_empty", field="text")
        if len(text) > REMARK_CHARACTERS:
            raise Rejected("remark too long", code="text_too_long", field="text")
        new = self._new(session_id, "remark", "text/plain", ticket_no, None, at)
        return await self._add(replace(new, text=text), None)

    def _new(
        self,
        session_id: str,
        kind: str,
        mime: str,
        ticket_no: str | None,
        key: str | None,
        at: datetime | None,
    ) -> Attachment:
        name = key or token_hex(16)
        return Attachment(name, session_id, ticket_no, kind, mime, "", "none", None, self._at(at))

    async def _add(self, new: Attachment, data: bytes | None) -> Attachment:
        async with self._store.begin() as records:
            known = await records.attachments.find(new.id)
            if known is not None:
                return known
            if await records.attachments.counted(new.session_id) >= MOST_OF_A_SESSION:
                raise Rejected("too many attachments", code="too_many", field="file")
            new = replace(new, ticket_no=new.ticket_no or await self._open_ticket(records, new))
            await records.attachments.add(new, data)
            if new.ticket_no is not None:
                await self._tell_unit(records, new.ticket_no, new)
        topic = f"session:{new.session_id}"
        event = {"type": "attachment", "ticket_no": new.ticket_no, "kind": new.kind}
        await self._announce(("desk", event), (topic, event))
        return new

    @staticmethod
    async def _open_ticket(records: Records, new: Attachment) -> str | None:
        """The ticket that the session's report has become, where it has."""
        wanted = TicketFilter(session_id=new.session_id, open=True, limit=1)
        found = await records.tickets.listed(wanted)
        return found[0].ticket_no if found else None

    async def _tell_unit(self, records: Records, ticket_no: str, new: Attachment) -> None:
        ticket = await records.tickets.get(ticket_no)
        if not ticket.status.open:
            raise Rejected("the ticket is finished", code="not_in_table", field="ticket_no")
        if ticket.progress.transferred_at is None:
            return
        payload = {
            "ticket_no": ticket_no,
            "command": "supplement",
            "lead_unit": ticket.lead_unit,
            **supplement(new),
        }
        letter = NewLetter(f"{ticket_no}/{new.id}", ticket_no, "supplement", payload, new.added_at)
        await records.outbox.add([letter])
