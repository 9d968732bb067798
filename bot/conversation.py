"""The one path of an utterance, from any channel.

``Conversation.hear`` is read from top to bottom: heard before? an agent has it? danger? the
dialogue, with a deadline; nothing or an error: an apology, the second time a person. Every
utterance gets an outcome, and the outcome is stored with its turn before anybody sees it.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from weakref import WeakValueDictionary

from bot import resumption
from bot.clock import Clock, now
from bot.desk import Announcer, Desk
from bot.dialogue.client import Dialogue, Said
from bot.dialogue.words import Words
from bot.escalation import Escalation
from bot.judging import note_verdict
from bot.log import bind, logger
from bot.noting import close_utterance, note_replies, note_utterance
from bot.rules.errors import Rejected, Unavailable
from bot.rules.hearing import clean
from bot.rules.scope import Danger
from bot.rules.session import (
    Channel,
    Handler,
    Next,
    Outcome,
    Reply,
    Status,
    Utterance,
    outcome_from_json,
)
from bot.rules.skills import in_english
from bot.rules.switch import standing
from bot.store import Records, Store, Turn
from bot.telling import turn_event

KEY_FOR_A_PERSON = "0"
TROUBLE = (Status.FAILED, Status.TIMED_OUT)

log = logger(__name__)

Observe = Callable[[Utterance, Outcome, dict[str, float]], None]


def unobserved(utterance: Utterance, outcome: Outcome, stages: dict[str, float]) -> None:
    """Nobody counts."""


@dataclass
class Conversation:
    """One per process; any number of sessions at once, one utterance of a session at a time."""

    store: Store
    desk: Desk
    live: Announcer
    dialogue: Dialogue
    screen: Callable[[str], Danger | None]
    words: Words
    clock: Clock = now
    observe: Observe = unobserved
    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    @property
    def _people(self) -> Escalation:
        return Escalation(self.desk, self.words)

    async def begin(
        self, session_id: str, channel: Channel, caller: str | None, at: datetime
    ) -> Outcome:
        """Begin a session, or come back to one: the opening sentence, said once."""
        async with self.store.begin() as records:
            session = await records.sessions.begin(session_id, channel, caller, at)
            offer = session.turns == 0 and await resumption.kept(records, session, at)
            words = self.words["opening_kept" if offer else "opening"]
            opening = Outcome("opening", Status.GREETED, (words,))
            if session.turns == 0:
                switches = standing(await records.switches.last(), at)
                if switches["announcement"]:
                    announced = Reply(str(switches["announcement"]))
                    opening = replace(opening, replies=(*opening.replies, announced))
                await note_replies(
                    records, session_id, opening.replies, opening.status, self.clock()
                )
        return opening

    async def left(self, session_id: str, at: datetime) -> None:
        """The caller is gone: out of the queue; a report that was broken off is kept."""
        await self.desk.hung_up(session_id, at=at)

    async def hear(self, utterance: Utterance) -> Outcome:
        """What becomes of an utterance. Raises nothing: trouble is an outcome too."""
        started = time.monotonic()
        stages: dict[str, float] = {}
        with bind(session=utterance.session_id):
            try:
                utterance = replace(utterance, text=clean(utterance.text))
            except Rejected as rejected:
                return Outcome(utterance.id, Status.REJECTED, (self.words[rejected.code],))
            try:
                async with self._locked(utterance.session_id):
                    outcome = await self._hear(utterance, stages)
            except Exception as error:  # the first of the design's three places
                log.exception("conversation.failed", error=type(error).__name__)
                outcome = Outcome(utterance.id, Status.FAILED, (self.words["trouble"],))
            stages["total"] = time.monotonic() - started
            log.info(
                "turn.finished", status=outcome.status.value, seconds=round(stages["total"], 3)
            )
        self.observe(utterance, outcome, stages)
        return outcome

    async def _hear(self, utterance: Utterance, stages: dict[str, float]) -> Outcome:
        async with self.store.begin() as records:
            session = await records.sessions.get(utterance.session_id)
            heard = await records.turns.heard(session.id, utterance.id)
            if heard is not None and heard.outcome is not None:
                return outcome_from_json(heard.outcome)
            with_agent = session.handler is Handler.AGENT
            if with_agent:
                seq, outcome = await self._note_for_agent(records, utterance, heard)
            else:
                seq = heard.seq if heard else await note_utterance(records, utterance)
                switches = standing(await records.switches.last(), self.clock())
                kept = await resumption.take_up(
                    records, session, utterance.text, utterance.heard_at
                )
            added = records.turns.added
        await self._announce(session.id, seq, added)
        if with_agent:
            return outcome
        utterance = replace(utterance, caller=utterance.caller or session.caller)
        if utterance.text == KEY_FOR_A_PERSON:
            utterance = replace(utterance, text=self.words["person"].text)
        danger = self.screen(utterance.text)
        if danger is not None:
            outcome = await self._people.endangered(utterance, danger, session.handler)
            machine = switches[f"machine.{utterance.channel.value}"]
            if danger.beside and machine and not in_english(utterance.text):
                outcome = await self._go_on(utterance, outcome)
            return await self._finish(utterance, outcome)
        if not switches[f"machine.{utterance.channel.value}"]:
            outcome = await self._people.straight(utterance, session.handler)
            return await self._finish(utterance, outcome)
        if in_english(utterance.text):
            outcome = await self._people.in_english(utterance, session.handler)
            return await self._finish(utterance, outcome)
        if kept == "":
            words = (self.words["opening_again"],)
            return await self._finish(utterance, Outcome(utterance.id, Status.GREETED, words))
        asked_at = time.monotonic()
        utterance = replace(utterance, text=kept or utterance.text)
        outcome = await self._ask(utterance)
        stages["dialogue"] = time.monotonic() - asked_at
        if session.handler is Handler.WAITING and outcome.facts.get("misunderstood"):
            outcome = self._noted(outcome)
        return await self._finish(utterance, outcome, int(switches["misunderstandings"]))

    async def _go_on(self, utterance: Utterance, alarmed: Outcome) -> Outcome:
        """The fixed sentence first, then the matter in which the danger was told."""
        outcome = await self._ask(utterance)
        if outcome.status in TROUBLE or outcome.next is not Next.LISTEN:
            return alarmed
        return replace(
            alarmed,
            replies=(*alarmed.replies, *outcome.replies),
            next=outcome.next,
            ticket_no=outcome.ticket_no,
            facts=outcome.facts | alarmed.facts,
        )

    async def _ask(self, utterance: Utterance) -> Outcome:
        """The dialogue's answer; an apology where it has none."""
        try:
            said = await self.dialogue.ask(utterance)
        except TimeoutError:
            log.warning("dialogue.timed_out")
            said = Said((self.words["slow"],), Status.TIMED_OUT)
        except Unavailable as error:
            log.warning("dialogue.unavailable", reason=str(error))
            said = Said((self.words["trouble"],), Status.FAILED)
        if not said.replies and said.status not in (Status.WITH_AGENT, Status.HANDED_OFF):
            said = Said((self.words["trouble"],), Status.FAILED)
        facts = said.facts
        return Outcome(
            utterance.id,
            said.status,
            said.replies,
            said.next,
            ticket_no=facts.get("ticket_no"),
            referral=facts.get("referral"),
            facts=facts,
        )

    def _noted(self, outcome: Outcome) -> Outcome:
        """What only a person will understand, while one is on the way: taken down for them."""
        replies = (self.words["noted"], *outcome.replies[1:])
        facts = {name: fact for name, fact in outcome.facts.items() if name != "misunderstood"}
        return replace(outcome, replies=replies, facts=facts)

    async def _finish(self, utterance: Utterance, outcome: Outcome, patience: int = 2) -> Outcome:
        """Count misunderstandings, store the outcome, and let the replies out. The misunderstanding
        that exhausts ``patience`` goes to a person.

        Nothing of the machine goes out once an agent has the session, whenever that happened:
        the check and the note are one transaction.
        """
        troubled = outcome.status in TROUBLE or bool(outcome.facts.get("misunderstood"))
        if troubled and await self._failures(utterance) >= patience:
            outcome = await self._people.misunderstood(utterance, outcome)
        async with self.store.begin() as records:
            session = await records.sessions.get(utterance.session_id, lock=True)
            if session.handler is Handler.AGENT:
                outcome = Outcome(utterance.id, Status.WITH_AGENT, facts=outcome.facts)
            elif session.failures and not troubled:
                await records.sessions.understood(session.id)
            last = await note_replies(
                records, session.id, outcome.replies, outcome.status, self.clock()
            )
            added = records.turns.added
            await note_verdict(records, utterance, outcome)
            await close_utterance(records, utterance, outcome)
        await self._announce(session.id, last, added)
        return outcome

    async def _failures(self, utterance: Utterance) -> int:
        """Misunderstandings in a row, this one counted."""
        async with self.store.begin() as records:
            return await records.sessions.failed(utterance.session_id)

    async def _note_for_agent(
        self, records: Records, utterance: Utterance, heard: Turn | None
    ) -> tuple[int, Outcome]:
        """What is said to an agent is finished as soon as it is noted."""
        outcome = Outcome(utterance.id, Status.WITH_AGENT)
        if heard is not None:
            await close_utterance(records, utterance, outcome)
            return heard.seq, outcome
        return await note_utterance(records, utterance, outcome), outcome

    async def _announce(self, session_id: str, seq: int, added: list[Turn]) -> None:
        if seq:
            event = turn_event(added) if added else {"type": "turn", "seq": seq}
            await self.live.publish(f"session:{session_id}", event)

    def _locked(self, session_id: str) -> asyncio.Lock:
        return self._locks.setdefault(session_id, asyncio.Lock())
