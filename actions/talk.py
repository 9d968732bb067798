"""The talk itself: to a person, not understood, say it again, yes and no to what was offered."""

import re
from dataclasses import asdict, replace
from typing import Any

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions import slots
from actions.base import Event, HotlineAction, Turn
from actions.report import summary
from bot.rules.errors import Rejected
from bot.rules.handoff import Reason
from bot.rules.report import APPEAL, QUESTION
from bot.rules.reporting import begin

WARNINGS_BEFORE_A_PERSON = 2
YES, NO = frozenset({"affirm", "thank"}), frozenset({"deny", "skip"})


class HandOff(HotlineAction):
    """A person, at any moment, with everything heard so far."""

    called = "action_hand_off"
    reason = Reason.ASKED
    says = "utter_handed_off"

    async def act(self, turn: Turn) -> list[Event]:
        await hand_off(self, turn, self.reason)
        turn.say(self.says)
        turn.mark(outcome="handed_off", next="agent")
        return []


class Crisis(HandOff):
    """An intention to die that only the model heard: comfort, and the crisis queue."""

    called = "action_crisis"
    reason = Reason.CRISIS

    async def act(self, turn: Turn) -> list[Event]:
        await hand_off(self, turn, self.reason)
        turn.say("utter_comfort")
        turn.mark(outcome="crisis", next="agent", interruptible=False, referral="12356")
        return []


class Abuse(HotlineAction):
    """Warned kindly, warned again, then a person; never for tone alone (国办函〔2025〕66号)."""

    called = "action_abuse"

    async def act(self, turn: Turn) -> list[Event]:
        count = int(turn.slot("abuse_count") or 0) + 1
        if count > WARNINGS_BEFORE_A_PERSON:
            await hand_off(self, turn, Reason.ANGRY)
            turn.say("utter_handed_off")
            turn.mark(outcome="handed_off", next="agent")
        else:
            turn.say("utter_warned" if count == 1 else "utter_warned_again")
        return [SlotSet("abuse_count", count)]


class Clarify(HotlineAction):
    """Not understood. The conversation counts; the second in a row goes to a person."""

    called = "action_clarify"

    async def act(self, turn: Turn) -> list[Event]:
        turn.say("utter_say_again")
        return []


class Repeat(HotlineAction):
    """What was said last, once more."""

    called = "action_repeat"

    async def act(self, turn: Turn) -> list[Event]:
        texts: list[str] = []
        for event in reversed(turn.tracker.events[:-1]):
            if event.get("event") == "user" and texts:
                break
            if event.get("event") == "bot" and event.get("text"):
                texts.append(event["text"])
        if not texts:
            turn.say("utter_hearing")
        for text in reversed(texts):
            turn.dispatcher.utter_message(text=text)
        turn.mark(outcome="greeted")
        return []


class Resume(HotlineAction):
    """Lets the report form take the next utterance again, without asking anything now.

    Rasa leaves a form that rejected an utterance out until it has run again; running it asks.
    """

    called = "action_resume"

    async def act(self, turn: Turn) -> list[Event]:
        return [ActiveLoop(turn.tracker.active_loop_name), FollowupAction("action_listen")]


DETAIL_CHARACTERS = 3  # so many beside yes, no and thanks, and something was told


class FollowUp(HotlineAction):
    """Yes, no, a number or a place outside the report: what it answers is in ``pending``."""

    called = "action_follow_up"

    async def act(self, turn: Turn) -> list[Event]:
        pending: dict[str, Any] = turn.slot("pending") or {}
        kind, intent = pending.get("kind"), turn.heard.get("intent")
        named = turn.heard.get("ticket_no") or turn.heard.get("phone")
        if named and (kind is None or str(kind).startswith("action_")):
            return [FollowupAction(kind or "action_tell_status")]
        if kind == "withdraw":
            return await self._withdraw(turn, pending, agreed=intent in YES)
        if kind == "choice" and intent in YES and len(pending["questions"]) > 1:
            turn.say("utter_which_one")
            return []
        if kind in ("attribute", "choice") and intent not in NO:
            return [FollowupAction("action_answer")]
        if kind in ("question", "offered") and intent in YES:
            return self._register(turn, pending)
        if kind == "told" and _names_a_place(turn):
            return self._offer(turn, pending)
        if kind == "told" and _tells_more(turn, self.services.words["bare"]):
            return [FollowupAction("action_answer")]
        if intent in NO or intent in YES:
            turn.say("utter_more" if intent in NO and kind else "utter_anything_else")
            return [SlotSet("pending", None)]
        turn.say("utter_say_again")
        return []

    def _offer(self, turn: Turn, pending: dict[str, Any]) -> list[Event]:
        """A place after an answer: perhaps it is to be reported there."""
        turn.say("utter_offer_report")
        said = {name: turn.heard.get(name) for name in ("address", "district", "street")}
        heard = said | {"kind": APPEAL, "category": pending.get("category")}
        return [SlotSet("pending", pending | {"kind": "offered", "heard": heard})]

    def _register(self, turn: Turn, pending: dict[str, Any]) -> list[Event]:
        """What was asked becomes a report: nobody here can answer it, or it is to be mended."""
        question = pending["question"]
        heard = pending.get("heard") or {"kind": QUESTION, "category": pending.get("category")}
        report = begin(heard, question, self.services.wording)
        key = f"{turn.session_id}:{turn.tracker.latest_message.get('message_id')}"
        written = slots.write(replace(report, matter=question), key)
        return [SlotSet("pending", None), *written, FollowupAction("report_form")]

    async def _withdraw(self, turn: Turn, pending: dict[str, Any], *, agreed: bool) -> list[Event]:
        number = pending["ticket_no"]
        if not agreed:
            turn.say("utter_withdraw_kept")
            return [SlotSet("pending", None)]
        try:
            await self.services.desk.withdraw(number, by="caller", reason=turn.text)
        except Rejected as rejected:
            if rejected.code == "hazard":
                turn.say("utter_withdraw_hazard", ticket_no=number)
                return [SlotSet("pending", None)]
            ticket = await self.services.desk.find(number)
            state = self.services.words["states"][ticket.status.value]
            turn.say("utter_ticket_refused", ticket_no=number, state=state)
            return [SlotSet("pending", None)]
        turn.say("utter_ticket_withdrawn", ticket_no=number)
        turn.mark(outcome="withdrawn", ticket_no=number)
        return [SlotSet("pending", None)]


def _names_a_place(turn: Turn) -> bool:
    """A street, a house, a landmark: where somebody could go. A district alone is none."""
    heard = turn.heard
    address, district = heard.get("address"), heard.get("district")
    return bool(heard.get("street") or (address and address not in (district, str(district)[:-1])))


def _tells_more(turn: Turn, bare: str) -> bool:
    """Whether more was said than yes, no or thanks."""
    return len(re.sub(bare, "", turn.text)) >= DETAIL_CHARACTERS


async def hand_off(action: HotlineAction, turn: Turn, reason: Reason) -> None:
    """Into the people's queue, with the report as far as filled."""
    report = slots.read(turn.tracker)
    words = action.services.words
    text = summary(report, words) if report.matter else turn.text
    await action.services.desk.hand_off(
        turn.session_id,
        reason=reason,
        summary=text,
        draft={name: value for name, value in asdict(report).items() if value},
        channel=turn.channel,
    )
