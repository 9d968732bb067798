"""Taking a report: beginning it, filling it, reading it back, and making it a ticket."""

import re
from dataclasses import replace
from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions import slots
from actions.answer import answer_beside
from actions.base import Event, HotlineAction, Turn
from actions.choosing import ask_which
from actions.refer import guide
from bot.rules.nature import nature_of
from bot.rules.report import TRIMMED, Report
from bot.rules.reporting import absorb, begin
from bot.rules.ticket import Draft, Kind, Ticket

# What Rasa itself does between an utterance and the form; anything else was an interruption.
ROUTINE = frozenset(
    ("action_listen", "action_extract_slots", "action_session_start", "report_form")
)


CALLER = ("name", "phone", "confidential")
PREVIOUS = (*CALLER, "place", "district", "street")


class StartReport(HotlineAction):
    """A report from the utterance that began it; what is another body's in it gets its door, and
    what is asked in it its answer."""

    called = "action_start_report"

    async def act(self, turn: Turn) -> list[Event]:
        asked = ask_which(turn, self.services.words)
        if asked is not None:
            return [*asked, FollowupAction("action_listen")]
        if turn.heard.get("shared"):
            turn.say("utter_first_receiver")
        for part in turn.heard.get("parts") or ():
            if part.get("scope") == "out":
                await guide(turn, self.services, part, other_half=True)
            elif part.get("intent") == "consult":
                answer_beside(turn, self.services, part["text"])
        report = begin(turn.heard, turn.text, self.services.wording)
        pending = turn.slot("pending") or {}
        if report.matter is None and pending.get("question"):  # "then take it down, please"
            known = pending.get("heard") or turn.heard
            report = begin(known, pending["question"], self.services.wording)
            report = replace(report, matter=pending["question"], category=pending.get("category"))
        if report.matter is None and turn.heard.get("category") in self.services.words["tried"]:
            turn.say("utter_tried_often")
        report = with_caller(report, turn.slot("previous") or {})
        key = f"{turn.session_id}:{turn.tracker.latest_message.get('message_id')}"
        return [SlotSet("pending", None), *slots.write(report, key)]


class FillReport(HotlineAction):
    """Rasa's validation of the form: what the utterance adds. No slot set means "not for me"."""

    called = "validate_report_form"

    async def act(self, turn: Turn) -> list[Event]:
        if _interrupted(turn):
            return []
        asked = turn.slot("requested_slot")
        report = slots.read(turn.tracker)
        heard = turn.heard
        same = re.fullmatch(self.services.words["same_place"], turn.text.strip(TRIMMED))
        if asked == "place" and same:
            heard = {**heard, **place_of(turn.slot("previous") or {}), "same_place": True}
        step = absorb(
            report,
            heard,
            turn.text,
            asked=asked,
            caller=turn.caller,
            wording=self.services.wording,
        )
        if step.interrupted:
            return []
        if not step.understood:
            turn.say("utter_phone_unclear" if asked == "phone" else "utter_say_again")
            turn.mark(misunderstood=True)
        if step.added:
            turn.say("utter_added")
        for name in step.corrected:
            shown = getattr(step.report, name)
            if isinstance(shown, str):
                turn.say("utter_corrected", value=f"{self.services.words['names'][name]}{shown}")
        return slots.write(step.report, slots.key_of(turn.tracker) or turn.session_id)


class AskPlace(HotlineAction):
    """Where; of a place that was said without its district, or the other way, only the rest."""

    called = "action_ask_report_form_place"

    async def act(self, turn: Turn) -> list[Event]:
        report = slots.read(turn.tracker)
        if report.place_part is None:
            turn.say("utter_ask_place")
        elif report.district:
            turn.say("utter_ask_place_within", district=report.district)
        elif report.place_ask is None:
            turn.say("utter_ask_district", place=report.place_part)
        else:
            turn.dispatcher.utter_message(text=report.place_ask)
            turn.mark(outcome="asked", asked="place")
        return []


class AskPhone(HotlineAction):
    """The calling number is offered where there is one."""

    called = "action_ask_report_form_phone"

    async def act(self, turn: Turn) -> list[Event]:
        report = slots.read(turn.tracker)
        offered = turn.caller is not None and not report.other_phone
        turn.say("utter_ask_caller_phone" if offered else "utter_ask_phone")
        return []


class ReadBack(HotlineAction):
    """Reads the report back before it becomes a ticket, or asks what is wrong with it."""

    called = "action_ask_report_form_confirmed"

    async def act(self, turn: Turn) -> list[Event]:
        report = slots.read(turn.tracker)
        if report.correcting:
            turn.say("utter_what_is_wrong")
        else:
            turn.say("utter_read_back", summary=summary(report, self.services.words))
        return []


class OpenTicket(HotlineAction):
    """The ticket, once for this report whatever is retried."""

    called = "action_open_ticket"

    async def act(self, turn: Turn) -> list[Event]:
        report = slots.read(turn.tracker)
        ticket = await self.services.desk.open(
            draft(report, turn, self.services.words["kinds"]),
            key=slots.key_of(turn.tracker) or turn.session_id,
            session_id=turn.session_id,
            by="bot",
        )
        promise = self.services.words["promise"]["phone" if report.phone else "none"]
        turn.say("utter_ticket_opened", ticket_no=ticket.ticket_no, promise=promise)
        turn.mark(outcome="ticket_opened", ticket_no=ticket.ticket_no, card=card(ticket))
        previous = {name: getattr(report, name) for name in PREVIOUS}
        told = [SlotSet("last_ticket", ticket.ticket_no), SlotSet("previous", previous)]
        return [*slots.forget(), *told]


class CancelReport(HotlineAction):
    """The caller does not want to report it after all."""

    called = "action_cancel_report"

    async def act(self, turn: Turn) -> list[Event]:
        turn.say("utter_report_cancelled")
        return slots.forget()


def with_caller(report: Report, previous: dict[str, Any]) -> Report:
    """Who reports once more in a conversation is not asked again who they are."""
    known: dict[str, Any] = {
        name: previous.get(name) for name in CALLER if getattr(report, name) is None
    }
    return replace(report, **known)


def place_of(previous: dict[str, Any]) -> dict[str, Any]:
    """The place of the report before, as the understanding would tell it."""
    if not previous.get("place"):
        return {}
    parts = {name: previous.get(name) for name in ("district", "street")}
    return {"address": previous["place"], **parts}


def _interrupted(turn: Turn) -> bool:
    """Whether another action has answered this utterance already, and the form only goes on."""
    for event in reversed(turn.tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action" and event.get("name") not in ROUTINE:
            return True
    return False


def summary(report: Report, words: Any) -> str:
    """The report in one sentence, in the caller's own words."""
    labels = words["labels"]
    values = {
        "matter": report.matter,
        "place": report.place,
        "time": report.time,
        "party": report.party,
        "surname" if len(report.name or "") == 1 else "name": report.name,
        "phone": report.phone,
    }
    said = [labels[name].format(value=value) for name, value in values.items() if value]
    if not report.name and not report.phone:
        said.append(words["no_contact"])
    if report.confidential:
        said.append(words["confidential"])
    return "\uff0c".join(said)


def draft(report: Report, turn: Turn, kinds: dict[str, str]) -> Draft:
    """The report as the desk takes it."""
    kind = Kind(kinds.get(report.kind or "", Kind.APPEAL.value))
    return Draft(
        kind=kind,
        nature=nature_of(report.matter or "", kind),
        category=report.category or "",
        content=report.matter or "",
        address=report.place or "",
        district=report.district or "",
        street=report.street or "",
        occurred=report.time or "",
        target=report.party or "",
        name=report.name or "",
        phone=report.phone or "",
        confidential=bool(report.confidential),
        anonymous=report.anonymous or not (report.name or report.phone),
        channel=turn.channel,
    )


def card(ticket: Ticket) -> dict[str, Any]:
    """What a page shows of an opened ticket: its number and its clock."""
    return {
        "type": "ticket",
        "ticket_no": ticket.ticket_no,
        "category": ticket.draft.category,
        "unit": ticket.lead_unit,
        "accepted_at": ticket.accepted_at.isoformat(),
        "transfer_due_at": ticket.transfer_due_at.isoformat(),
    }
