"""What changes with a ticket, told to whoever reported it in WeChat.

- ``call_back``: the ticket is closed; its reply, and the question whether it was well done. Goes
  out within the window of customer-service messages (whose last place is kept for it), else as a
  subscription message where the person allowed one, else when the person comes back.
- ``reminder``: a day later nobody has answered that question. The same way.
- ``transferred``: a unit has it. By subscription message only, for who asked for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.channels.wechat.people import person_in
from bot.channels.wechat.phrases import phrases
from bot.channels.wechat.platform import Platform
from bot.clock import SHANGHAI
from bot.log import logger
from bot.rules.errors import Rejected
from bot.rules.ticket import Ticket, TicketStatus
from bot.rules.wechat import TEXT_BYTES
from bot.store import Item, Person, Records, Store

log = logger(__name__)

PAGE = "pages/ticket/ticket?no="
THING_CHARACTERS = 20  # of a template's field of the kind "thing"
REMINDED_AFTER = timedelta(days=1)
TRANSFERRED, CALL_BACK, REMINDER = "transferred", "call_back", "reminder"


@dataclass(frozen=True)
class Newsroom:
    """``templates``: the id of the subscription template of each kind of news that has one."""

    store: Store
    templates: Mapping[str, str] = field(default_factory=dict)

    async def gather(self, at: datetime) -> int:
        """Make news of what has happened; how much it was."""
        async with self.store.read() as records:
            closed = await records.news.unheard(CALL_BACK, at)
            unrated = await records.news.unheard(REMINDER, at, created_by=at - REMINDED_AFTER)
            transferred = await records.news.fulfilled()
        if not (closed or unrated or transferred):
            return 0
        async with self.store.begin() as records:
            for key, ticket_no in [*closed, *unrated]:
                await self._add(records, key, ticket_no, at)
            for wish in transferred:
                person = wish.key.rpartition("/")[2]
                await records.news.grant(wish.key, person)
                await records.lines.touched([(person, None)], at)
        return len(closed) + len(unrated) + len(transferred)

    @staticmethod
    async def _add(records: Records, key: str, ticket_no: str, at: datetime) -> None:
        ticket = await records.tickets.get(ticket_no)
        person = person_in(ticket.session_id)
        item = Item(key, person or "-", ticket_no, "waiting" if person else "sent", at)
        if await records.news.add(item) and person:
            await records.lines.touched([(person, None)], at)

    async def of(self, person: Person) -> list[tuple[Item, Ticket]]:
        """What a person has not heard yet, and is still news."""
        async with self.store.read() as records:
            items = await records.news.waiting(person.person)
            found = [(item, await records.tickets.get(item.ticket_no)) for item in items]
        over = [item for item, ticket in found if _is_over(item, ticket)]
        if over:
            async with self.store.begin() as records:
                for item in over:
                    await records.news.went(item.key, "dropped")
        return [(item, ticket) for item, ticket in found if item not in over]

    async def subscribe(self, item: Item, ticket: Ticket, person: Person, to: Platform) -> None:
        """Tell it by subscription message, where the person allowed one."""
        template = self.templates.get(item.kind)
        if not template:
            return
        async with self.store.read() as records:
            left = await records.news.allowed(person.person, template)
        if left <= 0:
            return
        told = fields(item.kind, ticket, item.at)
        try:
            await to.send_subscribed(person.openid, template, PAGE + ticket.ticket_no, told)
        except Rejected as refused:
            log.warning("wechat.not_subscribed", code=refused.code)
            if refused.code != "not_subscribed":
                return
            async with self.store.begin() as records:
                await records.news.allow(person.person, template, 0)
            return
        async with self.store.begin() as records:
            await records.news.went(item.key, "subscribed")
            await records.news.allow(person.person, template, left - 1)


def wish(ticket: Ticket, person: Person, at: datetime) -> Item:
    """A person wants to hear when a unit has the ticket; nobody's news until it is so."""
    return Item(
        f"{TRANSFERRED}/{ticket.ticket_no}/{person.person}", "", ticket.ticket_no, "waiting", at
    )


def _is_over(item: Item, ticket: Ticket) -> bool:
    if item.kind == TRANSFERRED:
        return not ticket.status.open
    return item.kind == REMINDER and ticket.status is not TicketStatus.CALLING_BACK


def told(kind: str, ticket: Ticket) -> str:
    """The news in words, as one message."""
    words = phrases()[f"news_{kind}"].format(
        category=ticket.draft.category, ticket_no=ticket.ticket_no, reply=ticket.progress.reply
    )
    return words.encode()[:TEXT_BYTES].decode(errors="ignore")


def fields(kind: str, ticket: Ticket, at: datetime) -> dict[str, str]:
    """The news in a template's fields: number, matter, state, time."""
    happened = {
        TRANSFERRED: ticket.progress.transferred_at,
        CALL_BACK: ticket.progress.closed_at,
    }.get(kind)
    return {
        "character_string1": ticket.ticket_no,
        "thing2": (ticket.draft.category or ticket.draft.content)[:THING_CHARACTERS],
        "phrase3": phrases()[f"state_{kind}"],
        "time4": (happened or at).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
    }
