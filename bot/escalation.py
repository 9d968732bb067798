"""From the machine to people: danger, a channel without its machine, too often misunderstood."""

import asyncio
from dataclasses import dataclass, replace

from bot.desk import Desk
from bot.dialogue.words import Words
from bot.log import logger
from bot.rules.errors import Rejected, Unavailable
from bot.rules.handoff import Reason
from bot.rules.scope import Danger
from bot.rules.session import Handler, Next, Outcome, Status, Utterance
from bot.rules.skills import in_english

HAND_OVER_SECONDS = 3.0
DOORS = {"police": "110", "fire": "119", "medical": "120", "crisis": "12356"}

log = logger(__name__)


@dataclass(frozen=True)
class Escalation:
    """What the caller hears on the way to a person, and their place in the queue."""

    desk: Desk
    words: Words

    async def endangered(self, utterance: Utterance, danger: Danger, handler: Handler) -> Outcome:
        """Danger to life: a fixed sentence with the right number, and a person at once."""
        log.warning("danger.heard", kind=danger.kind)
        crisis = danger.kind == "crisis"
        reason = Reason.CRISIS if crisis else Reason.EMERGENCY
        again = crisis and handler is Handler.WAITING
        sentence = "crisis_again" if again else danger.kind
        if in_english(utterance.text):
            sentence = f"{danger.kind}_english"
        words = self.words[sentence]
        await self._hand_over(utterance, reason)
        return Outcome(
            utterance.id,
            Status.CRISIS if crisis else Status.EMERGENCY,
            (replace(words, interruptible=False),),
            Next.AGENT,
            referral=DOORS[danger.kind],
            facts={"danger": danger.kind, "evidence": list(danger.evidence)},
        )

    async def straight(self, utterance: Utterance, handler: Handler) -> Outcome:
        """The machine is switched off on this channel: the queue, said once."""
        return await self._queued(utterance, handler, Reason.POLICY, "")

    async def in_english(self, utterance: Utterance, handler: Handler) -> Outcome:
        """The dialogue speaks Chinese alone: the queue, said once, in English."""
        return await self._queued(utterance, handler, Reason.LANGUAGE, "_english")

    async def _queued(
        self, utterance: Utterance, handler: Handler, reason: Reason, tongue: str
    ) -> Outcome:
        if handler is Handler.WAITING:
            return Outcome(utterance.id, Status.HANDED_OFF, next=Next.AGENT)
        handed = await self._hand_over(utterance, reason)
        words = self.words[f"{'straight_to' if handed else 'no'}_person{tongue}"]
        return Outcome(utterance.id, Status.HANDED_OFF, (words,), Next.AGENT)

    async def misunderstood(self, utterance: Utterance, outcome: Outcome) -> Outcome:
        """Misunderstood once too often: a person instead of one more question."""
        handed = await self._hand_over(utterance, Reason.MISUNDERSTOOD)
        words = self.words["to_person" if handed else "no_person"]
        return replace(outcome, status=Status.HANDED_OFF, replies=(words,), next=Next.AGENT)

    async def _hand_over(self, utterance: Utterance, reason: Reason) -> bool:
        """Put the caller into the people's queue; False when even that is not possible now."""
        try:
            async with asyncio.timeout(HAND_OVER_SECONDS):
                await self.desk.hand_off(
                    utterance.session_id,
                    reason=reason,
                    summary=utterance.text,
                    channel=utterance.channel.value,
                )
        except (Unavailable, Rejected, TimeoutError) as error:
            log.error("handoff.failed", error=type(error).__name__)
            return False
        return True
