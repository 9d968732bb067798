"""A ticket that there is already: its state, an urging, a withdrawal, dissatisfaction."""

from rasa_sdk.events import SlotSet

from actions.base import Event, HotlineAction, Turn
from bot.rules.errors import NotFound, Rejected
from bot.rules.handoff import Reason
from bot.rules.ticket import Ticket, TicketStatus


class OnTicket(HotlineAction):
    """Finds the ticket that is meant, or asks for its number and remembers what for."""

    async def act(self, turn: Turn) -> list[Event]:
        if _named(turn) is None and turn.slot("last_ticket") is None:
            turn.say("utter_ask_ticket_no")
            return [SlotSet("pending", {"kind": self.called})]
        ticket = await self._find(turn)
        if ticket is None:
            turn.say("utter_ticket_not_found")
            return [SlotSet("pending", {"kind": self.called})]
        await self.on_ticket(turn, ticket)
        return [SlotSet("last_ticket", ticket.ticket_no), *self.after(ticket)]

    async def on_ticket(self, turn: Turn, ticket: Ticket) -> None:
        """Do it to this ticket, or ask before doing it."""
        raise NotImplementedError

    def after(self, ticket: Ticket) -> list[Event]:
        """What is open after it."""
        return [SlotSet("pending", None)]

    async def _find(self, turn: Turn) -> Ticket | None:
        heard = turn.heard
        number = heard.get("ticket_no")
        try:
            if number:
                return await self.services.desk.find(number)
            if heard.get("phone"):
                found = await self.services.desk.find_by_phone(heard["phone"])
                return found[0] if found else None
            return await self.services.desk.find(turn.slot("last_ticket"))
        except NotFound:
            return None

    def state(self, ticket: Ticket) -> str:
        """The ticket's state in words for callers."""
        return str(self.services.words["states"][ticket.status.value])


def _named(turn: Turn) -> str | None:
    named: str | None = turn.heard.get("ticket_no") or turn.heard.get("phone")
    return named


class TellStatus(OnTicket):
    """How it stands, and what comes next."""

    called = "action_tell_status"

    async def on_ticket(self, turn: Turn, ticket: Ticket) -> None:
        more = self.services.words["more"].get(ticket.status.value, "")
        turn.say(
            "utter_ticket_state",
            ticket_no=ticket.ticket_no,
            state=self.state(ticket),
            more=more.format(unit=ticket.lead_unit, reply=ticket.progress.reply),
        )
        turn.mark(outcome="ticket_told", ticket_no=ticket.ticket_no)


class Urge(OnTicket):
    """催办."""

    called = "action_urge"

    async def on_ticket(self, turn: Turn, ticket: Ticket) -> None:
        try:
            await self.services.desk.urge(ticket.ticket_no, by="caller", reason=turn.text)
        except Rejected:
            turn.say("utter_ticket_refused", ticket_no=ticket.ticket_no, state=self.state(ticket))
            return
        unit = ticket.lead_unit or self.services.words["centre"]
        turn.say("utter_ticket_urged", ticket_no=ticket.ticket_no, unit=unit)
        turn.mark(outcome="urged", ticket_no=ticket.ticket_no)


class Withdraw(OnTicket):
    """撤单: asked once before it is done (see FollowUp)."""

    called = "action_withdraw"

    async def on_ticket(self, turn: Turn, ticket: Ticket) -> None:
        if ticket.status is TicketStatus.WITHDRAWN:
            turn.say("utter_ticket_refused", ticket_no=ticket.ticket_no, state=self.state(ticket))
            return
        turn.say("utter_confirm_withdraw", ticket_no=ticket.ticket_no)

    def after(self, ticket: Ticket) -> list[Event]:
        return [SlotSet("pending", {"kind": "withdraw", "ticket_no": ticket.ticket_no})]


class Dissatisfied(OnTicket):
    """The result is not accepted: a rework where one is due, and a person to talk to."""

    called = "action_dissatisfied"

    async def act(self, turn: Turn) -> list[Event]:
        await self.services.desk.hand_off(
            turn.session_id, reason=Reason.ANGRY, summary=turn.text, channel=turn.channel
        )
        turn.say("utter_dissatisfied")
        turn.mark(outcome="handed_off", next="agent")
        return []
