"""The result of a ticket, told to whoever reported it in WeChat.

It goes out within the window of customer-service messages (whose last place is kept for it), else
as a subscription message where the person allowed one, else when the person comes back.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.channels.wechat.people import person_in
from bot.channels.wechat.phrases import phrases
from bot.channels.wechat.platform import Platform
from bot.clock import SHANGHAI
from bot.log import logger
from bot.rules.errors import Rejected
from bot.rules.ticket import Ticket
from bot.rules.wechat import TEXT_BYTES
from bot.store import Item, Person, Store

log = logger(__name__)

PAGE = "pages/ticket/ticket?no="
THING_CHARACTERS = 20  # of a template's field of the kind "thing"


@dataclass(frozen=True)
class Results:
    """``template``: the id of the subscription template for results; empty: none."""

    store: Store
    template: str = ""

    async def gather(self, at: datetime) -> int:
        """Make news of the results that are there; how many it was."""
        async with self.store.read() as records:
            unheard = await records.news.unheard(at)
        if not unheard:
            return 0
        async with self.store.begin() as records:
            for key, ticket_no in unheard:
                ticket = await records.tickets.get(ticket_no)
                person = person_in(ticket.session_id)
                item = Item(key, person or "", ticket_no, "waiting" if person else "sent", at)
                if await records.news.add(item) and person:
                    await records.lines.touched([(person, None)], at)
        return len(unheard)

    async def of(self, person: Person) -> list[tuple[Item, Ticket]]:
        """What a person has not heard yet."""
        async with self.store.read() as records:
            items = await records.news.waiting(person.person)
            return [(item, await records.tickets.get(item.ticket_no)) for item in items]

    async def subscribe(self, item: Item, ticket: Ticket, person: Person, to: Platform) -> None:
        """Tell it by subscription message, where the person allowed one."""
        if not self.template:
            return
        async with self.store.read() as records:
            left = await records.news.allowed(person.person, self.template)
        if left <= 0:
            return
        try:
            await to.send_subscribed(
                person.openid, self.template, PAGE + ticket.ticket_no, fields(ticket)
            )
        except Rejected as refused:
            log.warning("wechat.not_subscribed", code=refused.code)
            if refused.code != "not_subscribed":
                return
            async with self.store.begin() as records:
                await records.news.allow(person.person, self.template, 0)
            return
        async with self.store.begin() as records:
            await records.news.went(item.key, "subscribed")
            await records.news.allow(person.person, self.template, left - 1)


def told(ticket: Ticket) -> str:
    """The result in words, as one message."""
    words = phrases()["result"].format(
        category=ticket.draft.category, ticket_no=ticket.ticket_no, reply=ticket.progress.reply
    )
    return words.encode()[:TEXT_BYTES].decode(errors="ignore")


def fields(ticket: Ticket) -> dict[str, str]:
    """The result in a template's fields: number, matter, state, time."""
    closed_at = ticket.progress.closed_at
    return {
        "character_string1": ticket.ticket_no,
        "thing2": (ticket.draft.category or ticket.draft.content)[:THING_CHARACTERS],
        "phrase3": phrases()["closed"],
        "time4": closed_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if closed_at else "",
    }
