"""The call-back's robot: holds the call that asks a caller whether the matter was put right.

A ``Robot`` is to a call what ``Conversation`` is: whoever holds the call (the voice process) asks
it for the opening (``begin``) and for what becomes of each utterance (``hear``), and tells it when
the call is over, whatever happened (``over``). A key is an utterance too: 1 to 5 is a grade, 0 a
person. The grade is recorded the moment it is said; a reason reaches the unit as a supplement.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.clock import Clock, now
from bot.desk import Desk, Errand
from bot.dialogue.words import Words
from bot.log import bind, logger
from bot.noting import close_utterance, note_replies, note_utterance
from bot.rules.call_back import Asked, Ending, Talk, heard
from bot.rules.errors import HotlineError, Rejected, Unavailable
from bot.rules.handoff import Reason
from bot.rules.hearing import clean
from bot.rules.scope import Danger
from bot.rules.session import (
    Channel,
    Next,
    Outcome,
    Reply,
    Status,
    Utterance,
    outcome_from_json,
)
from bot.rules.ticket import Ticket
from bot.store import Rated, Store
from knowledge_base.call_back import load_call_back

ROBOT = "call-back"

log = logger(__name__)


@dataclass
class Held:
    """A call under way: its errand, and how far the talk has got."""

    errand: Errand
    talk: Talk = field(default_factory=Talk)


class Robot:
    """One per process. ``words``: the hotline's own, for danger; ``screen`` hears it."""

    def __init__(
        self,
        store: Store,
        desk: Desk,
        words: Words,
        screen: Callable[[str], Danger | None],
        clock: Clock = now,
    ) -> None:
        self._store, self._desk, self._clock = store, desk, clock
        self._words, self._screen = words, screen
        self._script = load_call_back()
        self._calls: dict[str, Held] = {}

    async def due(self, limit: int = 1) -> list[Errand]:
        """Whom to call now. Each has to be told to ``over`` in the end; who is not is due again
        in ten minutes."""
        errands = await self._desk.take_calls(by=ROBOT, limit=limit, at=self._clock())
        self._calls |= {errand.session_id: Held(errand) for errand in errands}
        return errands

    async def begin(
        self, session_id: str, channel: Channel, caller: str | None, at: datetime
    ) -> Outcome:
        """The opening, once somebody has answered. NotFound for a call that is not ours."""
        held = self._held(session_id)
        opening = _told(self._script.replies["opening"], held.errand.ticket, self._script.matter)
        async with self._store.begin() as records:
            session = await records.sessions.begin(session_id, channel, caller, at)
            if session.turns == 0:
                await note_replies(records, session_id, (opening,), Status.ASKED, at)
        facts = {"asked": Asked.RESULT.value}
        return Outcome("opening", Status.ASKED, (opening,), facts=facts)

    async def hear(self, utterance: Utterance) -> Outcome:
        """What becomes of an answer. The same one again gets the same outcome."""
        with bind(session=utterance.session_id):
            try:
                utterance = replace(utterance, text=clean(utterance.text))
            except Rejected as rejected:
                reply = self._words[rejected.code]
                return Outcome(utterance.id, Status.REJECTED, (reply,))
            try:
                return await self._hear(utterance)
            except HotlineError as error:
                log.error("call_back.failed", error=type(error).__name__, reason=str(error))
                reply = self._script.replies["unclear"]
                return Outcome(utterance.id, Status.FAILED, (reply,), Next.HANG_UP)

    async def over(self, errand: Errand, *, answered: bool) -> None:
        """The call has ended, or was never answered. Without a grade it is tried again."""
        held = self._calls.pop(errand.session_id, None)
        talk = held.talk if held is not None else Talk()
        if talk.grade is not None:
            return
        at = self._clock()
        try:
            match talk.ending:
                case Ending.DECLINED:
                    await self._desk.declined(errand.id, by=ROBOT, forever=True, at=at)
                case Ending.LATER | Ending.UNCLEAR:
                    await self._desk.postponed(errand.id, by=ROBOT, at=at)
                case _:
                    await self._desk.unreached(errand.id, by=ROBOT, at=at)
        except Rejected as refused:  # rated on a page, or archived, during the call
            log.info("call_back.overtaken", call_back=errand.id, code=refused.code)
        log.info("call_back.over", call_back=errand.id, answered=answered, ending=talk.ending)

    def _held(self, session_id: str) -> Held:
        held = self._calls.get(session_id)
        if held is None:
            raise Unavailable("no such call-back is under way")
        return held

    async def _hear(self, utterance: Utterance) -> Outcome:
        held = self._held(utterance.session_id)
        async with self._store.begin() as records:
            known = await records.turns.heard(utterance.session_id, utterance.id)
            if known is not None and known.outcome is not None:
                return outcome_from_json(known.outcome)
            if known is None:
                await note_utterance(records, utterance)
        outcome = await self._answer(held, utterance)
        async with self._store.begin() as records:
            await note_replies(
                records, utterance.session_id, outcome.replies, outcome.status, self._clock()
            )
            await close_utterance(records, utterance, outcome)
        return outcome

    async def _answer(self, held: Held, utterance: Utterance) -> Outcome:
        danger = self._screen(utterance.text)
        if danger is not None:
            reason = Reason.CRISIS if danger.kind == "crisis" else Reason.EMERGENCY
            await self._desk.hand_off(
                utterance.session_id, reason=reason, summary=utterance.text, at=self._clock()
            )
            status = Status.CRISIS if danger.kind == "crisis" else Status.EMERGENCY
            reply = replace(self._words[danger.kind], interruptible=False)
            return Outcome(utterance.id, status, (reply,), Next.AGENT)
        before, after = held.talk, heard(held.talk, utterance.text, self._script.lexicon)
        await self._record(held.errand, before, after)
        held.talk = after
        if after.ending is Ending.PERSON:
            return await self._to_a_person(utterance)
        return _outcome(utterance, before, after, self._script.replies)

    async def _record(self, errand: Errand, before: Talk, after: Talk) -> None:
        """What has been learnt by this answer."""
        number, at = errand.ticket.ticket_no, self._clock()
        if after.grade is not None and before.grade is None:
            await self._desk.rate(number, after.grade, method="phone", by=ROBOT, at=at)
        if after.reason and not before.reason:
            await self._desk.add_remark(number, after.reason, session_id=errand.session_id, at=at)
        if after.service is not None and before.service is None:
            await self._desk.rate(
                number, after.service, of=Rated.SERVICE, method="phone", by=ROBOT, at=at
            )

    async def _to_a_person(self, utterance: Utterance) -> Outcome:
        says = self._script.replies
        try:
            await self._desk.hand_off(
                utterance.session_id,
                reason=Reason.ASKED,
                summary=utterance.text,
                at=self._clock(),
            )
        except (Unavailable, Rejected) as error:
            log.error("handoff.failed", error=type(error).__name__)
            return Outcome(utterance.id, Status.FAILED, (says["no_person"],), Next.HANG_UP)
        return Outcome(utterance.id, Status.HANDED_OFF, (says["person"],), Next.AGENT)


def _outcome(utterance: Utterance, before: Talk, after: Talk, says: Mapping[str, Reply]) -> Outcome:
    if before.ending is not None:
        return Outcome(utterance.id, Status.GREETED, (says["over"],), Next.HANG_UP)
    if after.ending is not None:
        reply = says[after.ending.value]
        return Outcome(utterance.id, Status.GREETED, (reply,), Next.HANG_UP)
    name = after.asked.value
    if after.tries:
        name = f"{name}_again"
    elif after.asked is Asked.SERVICE and after.reason:
        name = "service_after_reason"
    status = Status.CLARIFIED if after.tries else Status.ASKED
    return Outcome(utterance.id, status, (says[name],), facts={"asked": after.asked.value})


def _told(reply: Reply, ticket: Ticket, matter: str) -> Reply:
    facts = {
        "month": ticket.accepted_at.month,
        "day": ticket.accepted_at.day,
        "matter": ticket.draft.category.rpartition("/")[2] or matter,
        "unit": ticket.lead_unit,
    }
    spoken = reply.spoken.format(**facts) if reply.spoken else None
    return replace(reply, text=reply.text.format(**facts), spoken=spoken)
