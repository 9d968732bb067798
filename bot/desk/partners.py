"""Colleagues at one caller: warm transfer (转同事), three-way (三方), a supervisor taking over.

The session stays in people's hands all the while: no word of the machine can come between.
"""

from dataclasses import replace
from datetime import datetime

from bot.desk.handoffs import Handoffs
from bot.desk.words import desk_words
from bot.rules.brief import brief
from bot.rules.errors import Rejected
from bot.rules.handoff import Handoff, HandoffStatus, Skill
from bot.rules.session import Handler, Speaker
from bot.store import Look, Note, Records

MOST_GUESTS = 3
NOTE_CHARACTERS = 500
NOTES = frozenset({"whisper", "note", "wrap_up"})


class Partners(Handoffs):
    """Lets several people care for a caller."""

    async def offer(self, handoff_id: int, *, agent: str, to: str, promised: str = "") -> Handoff:
        """Offer one's caller to a colleague, with the summary brought up to date; the caller stays
        with this agent until the colleague takes over."""
        if to == agent:
            raise Rejected("that is yourself", code="same", field="to")
        async with self._store.begin() as records:
            handoff = await self._owned(records, handoff_id, agent)
            if await records.agents.find(to) is None:
                raise Rejected("no such colleague", code="unknown", field="to")
            handoff = replace(handoff, offered_to=to, promised=promised or handoff.promised)
            handoff = await self._briefed(records, handoff)
            await records.handoffs.save(handoff)
        await self._tell_handoff(handoff, "offered", to=to)
        return handoff

    async def take(self, handoff_id: int, *, agent: str, at: datetime | None = None) -> Handoff:
        """Take what a colleague offered. Rejected (``not_yours``) when it is not offered to you."""
        async with self._store.begin() as records:
            handoff = await self._locked(records, handoff_id)
            if handoff.offered_to != agent or handoff.status is not HandoffStatus.ACCEPTED:
                raise Rejected("it is not offered to you", code="not_yours", field="agent")
            handoff = await self._moved(records, handoff, agent)
        await self._tell_handoff(handoff, "accepted")
        return handoff

    async def decline(self, handoff_id: int, *, agent: str) -> Handoff:
        """Not now: by the colleague it is offered to, or by who offered it."""
        async with self._store.begin() as records:
            handoff = await self._locked(records, handoff_id)
            if agent not in (handoff.offered_to, handoff.agent):
                raise Rejected("it is not offered to you", code="not_yours", field="agent")
            handoff = replace(handoff, offered_to=None)
            await records.handoffs.save(handoff)
        await self._tell_handoff(handoff, "declined")
        return handoff

    async def take_over(
        self, handoff_id: int, *, agent: str, reason: str, at: datetime | None = None
    ) -> Handoff:
        """A supervisor takes the caller from whoever has it; recorded with the reason."""
        if not reason.strip():
            raise Rejected("say why", code="missing", field="reason")
        async with self._store.begin() as records:
            handoff = await self._locked(records, handoff_id)
            if handoff.status is not HandoffStatus.ACCEPTED or handoff.agent == agent:
                raise Rejected("nobody else has it", code="not_in_table", field="status")
            facts = {"from": handoff.agent, "handoff": handoff.id}
            look = Look(agent, "taken_over", handoff.session_id, self._at(at), reason, facts)
            await records.audit.add(look)
            handoff = await self._moved(records, handoff, agent)
        await self._tell_handoff(handoff, "accepted")
        return handoff

    async def to_skill(
        self, handoff_id: int, *, agent: str, skill: Skill | str, promised: str = ""
    ) -> Handoff:
        """Back to the front of another skill's queue, with the summary brought up to date."""
        async with self._store.begin() as records:
            handoff = await self._owned(records, handoff_id, agent)
            changed = replace(handoff, skill=Skill(skill), promised=promised or handoff.promised)
            await records.handoffs.save(await self._briefed(records, changed))
        return await self.release(handoff_id, agent=agent, to="queue")

    async def invite(self, handoff_id: int, *, agent: str, guest: str) -> Handoff:
        """三方: a colleague reads and speaks along until leaving."""
        async with self._store.begin() as records:
            handoff = await self._owned(records, handoff_id, agent)
            if guest == agent or await records.agents.find(guest) is None:
                raise Rejected("no such colleague", code="unknown", field="guest")
            guests = (*(g for g in handoff.guests if g != guest), guest)
            if len(guests) > MOST_GUESTS:
                raise Rejected("too many at once", code="too_many", field="guest")
            handoff = replace(handoff, guests=guests)
            await records.handoffs.save(handoff)
        await self._tell_handoff(handoff, "invited", to=guest)
        return handoff

    async def leave(self, handoff_id: int, *, guest: str) -> Handoff:
        """A guest leaves; again is nothing."""
        async with self._store.begin() as records:
            handoff = await self._locked(records, handoff_id)
            handoff = replace(handoff, guests=tuple(g for g in handoff.guests if g != guest))
            await records.handoffs.save(handoff)
        await self._tell_handoff(handoff, "left")
        return handoff

    async def note(
        self, session_id: str, *, by: str, kind: str, text: str, at: datetime | None = None
    ) -> Note:
        """A whisper or a note among people at the desk; the caller never gets it."""
        if kind not in NOTES:
            raise Rejected("no such kind", code="unknown", field="kind")
        if not text.strip() or len(text) > NOTE_CHARACTERS:
            raise Rejected("1 to 500 characters", code="out_of_range", field="text")
        note = Note(session_id, by, kind, text.strip(), self._at(at))
        async with self._store.begin() as records:
            await records.sessions.get(session_id)
            await records.notes.add(note)
        await self._announce((f"session:{session_id}", {"type": "note", "kind": kind}))
        return note

    async def _owned(self, records: Records, handoff_id: int, agent: str) -> Handoff:
        handoff = await self._locked(records, handoff_id)
        if handoff.agent != agent or handoff.status is not HandoffStatus.ACCEPTED:
            raise Rejected("the handoff is not this agent's", code="not_yours", field="agent")
        return handoff

    async def _moved(self, records: Records, handoff: Handoff, agent: str) -> Handoff:
        """The caller is this agent's from here on."""
        guests = tuple(g for g in handoff.guests if g != agent)
        handoff = replace(handoff, agent=agent, offered_to=None, guests=guests)
        await records.handoffs.save(handoff)
        await records.sessions.set_handler(handoff.session_id, Handler.AGENT, agent=agent)
        return handoff

    @staticmethod
    async def _briefed(records: Records, handoff: Handoff) -> Handoff:
        """With its three lines as they are now."""
        turns = await records.turns.since(handoff.session_id)
        said = next((t.text for t in reversed(turns) if t.speaker is Speaker.CALLER), "")
        words = desk_words().brief
        return replace(handoff, summary=brief(handoff.draft, handoff.promised, words, said))
