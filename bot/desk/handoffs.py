"""转人工: the only place where a caller changes hands."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from bot.desk.counter import Counter
from bot.desk.words import desk_words
from bot.rules.errors import Rejected
from bot.rules.handoff import PRIORITIES, Handoff, HandoffStatus, Reason, Skill, next_status
from bot.rules.session import Handler, Speaker
from bot.rules.skills import skill_for
from bot.store import Records, Referral, Session
from bot.telling import turn_event

LISTENED_TURNS = 10

To = Literal["bot", "queue", "end"]


class Handoffs(Counter):
    """Hands callers to people and back."""

    async def hand_off(
        self,
        session_id: str,
        *,
        reason: Reason | str,
        summary: str,
        draft: dict[str, Any] | None = None,
        channel: str = "",
        skill: Skill | str | None = None,
        at: datetime | None = None,
    ) -> Handoff:
        """Ask for a person; while a handoff is open the same one comes back.

        The open one becomes more urgent when the new reason is. Without ``skill`` the caller's
        words decide the queue. NotFound without the session.
        """
        reason, at = Reason(reason), self._at(at)
        async with self._store.begin() as records:
            session = await records.sessions.get(session_id, lock=True)
            if session.handler is Handler.ENDED:
                raise Rejected("the session has ended", code="ended", field="session_id")
            known = await records.handoffs.open_of(session_id)
            skill = Skill(skill or await self._skill(records, session_id, reason, summary))
            if known is not None:
                handoff = await self._more_urgent(records, known, reason, skill)
            else:
                handoff = await records.handoffs.add(
                    Handoff(
                        id=0,
                        session_id=session_id,
                        reason=reason,
                        skill=skill,
                        channel=channel or session.channel.value,
                        priority=PRIORITIES[reason],
                        status=HandoffStatus.WAITING,
                        summary=summary,
                        requested_at=at,
                        draft=draft or await self._kept(records, session, at),
                    )
                )
                await records.sessions.set_handler(session_id, Handler.WAITING)
        if known is None or handoff != known:
            await self._tell_handoff(handoff, "waiting")
        return handoff

    async def accept(self, handoff_id: int, *, agent: str, at: datetime | None = None) -> Handoff:
        """Take a waiting caller. From this commit on the session is the agent's and no word of
        the machine may go out; a second acceptor gets Rejected (``already_accepted``)."""
        at = self._at(at)
        async with self._store.begin() as records:
            handoff = await self._locked(records, handoff_id)
            status = next_status(handoff.status, "accept")
            handoff = replace(handoff, status=status, agent=agent, accepted_at=at)
            await records.handoffs.save(handoff)
            await records.sessions.set_handler(handoff.session_id, Handler.AGENT, agent=agent)
        await self._tell_handoff(handoff, "accepted")
        return handoff

    async def say(
        self,
        session_id: str,
        *,
        agent: str,
        text: str,
        voice: Mapping[str, float] | None = None,
        at: datetime | None = None,
    ) -> int:
        """A person's words to the caller; the number of the turn. Only who has the session, or a
        guest of theirs (三方). ``voice``: of spoken ones ``seconds`` and ``over_seconds``, how long
        they went over a caller who was speaking."""
        if not text.strip():
            raise Rejected("nothing is said", code="missing", field="text")
        at = self._at(at)
        async with self._store.begin() as records:
            session = await records.sessions.get(session_id, lock=True)
            if session.handler is not Handler.AGENT or session.agent != agent:
                await self._guest(records, session, agent)
            outcome = {"agent": agent} | ({"voice": dict(voice)} if voice else {})
            seq = await records.turns.add(session_id, Speaker.AGENT, text, at, outcome=outcome)
            event = turn_event(records.turns.added)
        await self._announce((f"session:{session_id}", event))
        return seq

    async def release(
        self, handoff_id: int, *, agent: str, to: To = "bot", at: datetime | None = None
    ) -> Handoff:
        """Give the caller back: to the machine, to the front of the queue, or to the end."""
        at = self._at(at)
        async with self._store.begin() as records:
            handoff = await self._locked(records, handoff_id)
            if handoff.agent != agent:
                raise Rejected("the handoff is not this agent's", code="not_yours", field="agent")
            status = next_status(handoff.status, "requeue" if to == "queue" else "close")
            handoff = replace(handoff, offered_to=None, guests=())
            if to == "queue":
                handoff = replace(
                    handoff, status=status, agent=None, accepted_at=None, returned=True
                )
                handler = Handler.WAITING
            else:
                handoff = replace(handoff, status=status, closed_at=at)
                handler = Handler.BOT if to == "bot" else Handler.ENDED
            await records.handoffs.save(handoff)
            await records.sessions.set_handler(handoff.session_id, handler, at=at)
        await self._tell_handoff(handoff, {"queue": "waiting"}.get(to, "released"), to=to)
        return handoff

    async def abandon(self, session_id: str, *, at: datetime | None = None) -> Handoff | None:
        """The caller left before a person came; None when nobody was waited for."""
        at = self._at(at)
        async with self._store.begin() as records:
            await records.sessions.get(session_id, lock=True)
            handoff = await records.handoffs.open_of(session_id)
            if handoff is None or handoff.status is not HandoffStatus.WAITING:
                return None
            status = next_status(handoff.status, "abandon")
            handoff = replace(handoff, status=status, closed_at=at)
            await records.handoffs.save(handoff)
            await records.sessions.set_handler(session_id, Handler.ENDED, at=at)
        await self._tell_handoff(handoff, "abandoned")
        return handoff

    async def waiting(self, skill: Skill | None = None) -> list[Handoff]:
        """The queue, in the order it is served."""
        async with self._store.read() as records:
            return await records.handoffs.waiting(skill)

    async def refer(
        self,
        session_id: str,
        *,
        number: str,
        body: str,
        reason: str,
        at: datetime | None = None,
    ) -> Referral:
        """转介: note the door that was named to a caller."""
        referral = Referral(session_id, number, body, reason, self._at(at))
        async with self._store.begin() as records:
            await records.referrals.add(referral)
        return referral

    @staticmethod
    async def _skill(records: Records, session_id: str, reason: Reason, summary: str) -> Skill:
        turns = await records.turns.since(session_id)
        said = [turn.text for turn in turns if turn.speaker is Speaker.CALLER][-LISTENED_TURNS:]
        return skill_for(reason, " ".join([*said, summary]), desk_words().tongues)

    @staticmethod
    async def _kept(records: Records, session: Session, at: datetime) -> dict[str, Any]:
        """The draft of this number's last call, which was cut off; it is off the list then."""
        kept = await records.missed.kept_for(session.caller, at) if session.caller else None
        if kept is None:
            return {}
        await records.missed.change(kept.id, status="returned", done_at=at)
        return dict(kept.draft)

    @staticmethod
    async def _guest(records: Records, session: Session, agent: str) -> None:
        handoff = await records.handoffs.open_of(session.id)
        if handoff is None or not handoff.talks(agent):
            raise Rejected("the session is not this agent's", code="not_yours", field="agent")

    @staticmethod
    async def _locked(records: Records, handoff_id: int) -> Handoff:
        """The handoff, after its session: always in this order, so that two never cross."""
        handoff = await records.handoffs.get(handoff_id)
        await records.sessions.get(handoff.session_id, lock=True)
        return await records.handoffs.get(handoff_id, lock=True)

    @staticmethod
    async def _more_urgent(
        records: Records, known: Handoff, reason: Reason, skill: Skill
    ) -> Handoff:
        if PRIORITIES[reason] >= known.priority:
            return known
        changed = replace(known, reason=reason, skill=skill, priority=PRIORITIES[reason])
        await records.handoffs.save(changed)
        return changed

    async def _tell_handoff(self, handoff: Handoff, what: str, **facts: Any) -> None:
        event = {
            "type": "handoff",
            "what": what,
            "handoff_id": handoff.id,
            "session_id": handoff.session_id,
            "status": handoff.status.value,
            "skill": handoff.skill.value,
            "priority": handoff.priority,
            "agent": handoff.agent,
        } | facts
        await self._announce((f"session:{handoff.session_id}", event), ("desk", event))
