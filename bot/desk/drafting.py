"""The draft beside a conversation: an agent fills it, and files it as a ticket."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.desk.intake import Intake
from bot.desk.partners import Partners
from bot.desk.words import desk_words
from bot.rules.brief import merged
from bot.rules.handoff import Handoff
from bot.rules.nature import nature_of
from bot.rules.report import APPEAL
from bot.rules.ticket import Draft, Kind, Ticket

KEYS = {"matter": "content", "place": "address", "time": "occurred", "party": "target"}
SAME = ("category", "district", "street", "expectation", "name", "phone")


class Drafting(Partners, Intake):
    """Keeps drafts of those who have the caller."""

    async def fill(self, handoff_id: int, *, agent: str, fields: Mapping[str, object]) -> Handoff:
        """Change fields of the draft. Rejected, naming the field; ``not_yours``."""
        async with self._store.begin() as records:
            handoff = await self._owned(records, handoff_id, agent)
            handoff = replace(handoff, draft=merged(handoff.draft, fields))
            await records.handoffs.save(handoff)
        return handoff

    async def file(
        self, handoff_id: int, *, agent: str, key: str, at: datetime | None = None
    ) -> Ticket:
        """Open a ticket from the draft; the same ``key`` again gets the same ticket."""
        async with self._store.begin() as records:
            handoff = await self._owned(records, handoff_id, agent)
        return await self.open(
            ticket_draft(handoff.draft, handoff.channel),
            key=f"desk:{handoff_id}:{key}"[:128],
            session_id=handoff.session_id,
            by=agent,
            at=at,
        )


def ticket_draft(told: Mapping[str, Any], channel: str) -> Draft:
    """The draft of the dialogue and of the desk's page as the ticket takes it."""
    texts: dict[str, Any] = {to: str(told.get(name) or "") for name, to in KEYS.items()}
    texts |= {name: str(told.get(name) or "") for name in SAME}
    anonymous = bool(told.get("anonymous")) or not (texts["name"] or texts["phone"])
    kind = desk_words().kinds.get(str(told.get("kind") or APPEAL), Kind.APPEAL)
    return Draft(
        kind=kind,
        nature=nature_of(texts["content"], kind),
        confidential=bool(told.get("confidential")),
        anonymous=anonymous,
        channel=channel,
        **texts,
    )


def draft_of(draft: Draft) -> dict[str, Any]:
    """A filed ticket's draft by the names that the dialogue and the desk's page use."""
    kinds = {kind: name for name, kind in desk_words().kinds.items()}
    told = {name: getattr(draft, to) for name, to in KEYS.items()}
    told |= {name: getattr(draft, name) for name in SAME}
    beside = {"confidential": draft.confidential, "anonymous": draft.anonymous}
    return told | beside | {"kind": kinds.get(draft.kind, "")}
