"""``/api/wechat/tickets``: a person's own tickets, and what they may ask of them."""

from datetime import datetime
from typing import Any

from aiohttp import web

from bot.channels.wechat.door import Door, moment, told, word
from bot.channels.wechat.entrance import DOOR
from bot.channels.wechat.people import person_in
from bot.log import logger
from bot.rules.errors import NotFound, Rejected, Unavailable
from bot.rules.privacy import mask
from bot.rules.sla import running_due
from bot.rules.ticket import Command, Ticket, TicketStatus, commands_for
from bot.store import Attachment, Event, Person, Rated

log = logger(__name__)

REASON_CHARACTERS = 200
# what of a ticket's history is the caller's business
SHOWN = frozenset(
    {
        "opened",
        "transfer",
        "sign",
        "start",
        "reply",
        "close",
        "answer",
        "answer_merged",
        "archive",
        "urge",
        "withdraw",
        "merge",
        "suspend",
        "resume",
        "extend",
        "rework",
        "coordinate",
        "supervise",
    }
)


async def listed(request: web.Request) -> web.Response:
    """``GET tickets``: newest first, with their lights."""
    door = request.app[DOOR]
    _, person = await door.who(request)
    at = door.clock()
    rows = [row(ticket, door, at) for ticket in await door.tickets_of(person)]
    return web.json_response({"now": at.isoformat(), "tickets": rows})


async def one(request: web.Request) -> web.Response:
    """``GET tickets/{no}``: with what has happened, and what was added."""
    door, _, ticket = await _asked(request)
    return await _answer(door, ticket)


async def urge(request: web.Request) -> web.Response:
    """``POST tickets/{no}/urge {reason?}``: 催办."""
    door, person, ticket = await _asked(request)
    reason = word(await told(request), "reason", most=REASON_CHARACTERS, default="")
    await _check(door, person, "reason", reason)
    return await _answer(door, await door.desk.urge(ticket.ticket_no, by="caller", reason=reason))


async def withdraw(request: web.Request) -> web.Response:
    """``POST tickets/{no}/withdraw {reason?}``: 撤单."""
    door, person, ticket = await _asked(request)
    reason = word(await told(request), "reason", most=REASON_CHARACTERS, default="")
    await _check(door, person, "reason", reason)
    changed = await door.desk.withdraw(ticket.ticket_no, by="caller", reason=reason)
    return await _answer(door, changed)


async def rate(request: web.Request) -> web.Response:
    """``POST tickets/{no}/rate {grade, of?, comment?}``: 好差评, of the result or the service."""
    door, person, ticket = await _asked(request)
    found = await told(request)
    grade, of = found.get("grade"), found.get("of", Rated.RESULT.value)
    if isinstance(grade, bool) or not isinstance(grade, int):
        raise Rejected("a grade of 1 to 5", code="out_of_range", field="grade")
    if of not in {rated.value for rated in Rated}:
        raise Rejected("result or service", code="field_malformed", field="of")
    comment = word(found, "comment", most=REASON_CHARACTERS, default="")
    await _check(door, person, "comment", comment)
    changed = await door.desk.rate(ticket.ticket_no, grade, of=of, method="wechat", comment=comment)
    return await _answer(door, changed)


async def remark(request: web.Request) -> web.Response:
    """``POST tickets/{no}/remarks {text}``: 补充说明."""
    door, person, ticket = await _asked(request)
    session_id, _ = await door.who(request)
    text = word(await told(request), "text", most=1000)
    await _check(door, person, "text", text)
    await door.desk.add_remark(ticket.ticket_no, text, session_id=session_id)
    return await _answer(door, ticket)


async def picture(request: web.Request) -> web.Response:
    """``GET pictures/{id}``: the bytes of a picture of one's own."""
    door = request.app[DOOR]
    _, person = await door.who(request)
    async with door.store.read() as records:
        found = await records.attachments.find(request.match_info["id"])
    if found is None:
        raise NotFound("no such picture")
    if person_in(found.session_id) != person.person:
        await _own_call(door, person, found)
    async with door.store.read() as records:
        data = await records.attachments.data(found.id)
    return web.Response(body=data, content_type=found.mime)


async def _check(door: Door, person: Person, field: str, text: str) -> None:
    """The platform's content check of what others will read. Rejected: ``risky_content``. A check
    that does not answer holds no complaint up."""
    if not text:
        return
    try:
        passes = await door.platform.passes_text(person.openid, text)
    except (Unavailable, Rejected) as error:
        log.warning("wechat.text_unchecked", reason=str(error))
        return
    if not passes:
        raise Rejected("the platform lets it not pass", code="risky_content", field=field)


async def _own_call(door: Door, person: Person, picture: Attachment) -> None:
    """NotFound unless the picture lies with a ticket or a call of the person's."""
    if picture.ticket_no is not None:
        await door.own(person, picture.ticket_no)
        return
    async with door.store.read() as records:
        session = await records.sessions.find(picture.session_id)
    if session is None or not person.phone or session.caller != person.phone:
        raise NotFound("no such picture of yours")


async def _asked(request: web.Request) -> tuple[Door, Person, Ticket]:
    door = request.app[DOOR]
    _, person = await door.who(request)
    return door, person, await door.own(person, request.match_info["no"])


async def _answer(door: Door, ticket: Ticket) -> web.Response:
    at = door.clock()
    history = await door.desk.history(ticket.ticket_no)
    async with door.store.read() as records:
        added = await records.attachments.of(ticket.ticket_no, ticket.session_id)
    told = row(ticket, door, at) | {
        "now": at.isoformat(),
        "timeline": [step(event) for event in history if event.event in SHOWN],
        "attachments": [attached(one) for one in added],
    }
    return web.json_response(told)


def row(ticket: Ticket, door: Door, at: datetime) -> dict[str, Any]:
    """A ticket as its caller sees it."""
    light = door.desk.light(ticket, at)
    commands = set(commands_for(ticket.status))
    return {
        "ticket_no": ticket.ticket_no,
        "status": ticket.status.value,
        "light": light.value if light else None,
        "due_at": moment(running_due(ticket)),
        "category": ticket.draft.category,
        "content": mask(ticket.draft.content),
        "address": ticket.draft.address,
        "district": ticket.draft.district,
        "unit": ticket.lead_unit,
        "channel": ticket.draft.channel,
        "accepted_at": moment(ticket.accepted_at),
        "transfer_due_at": moment(ticket.transfer_due_at),
        "transferred_at": moment(ticket.progress.transferred_at),
        "reply": ticket.progress.reply,
        "urgings": ticket.progress.urgings,
        "can": {
            "urge": Command.URGE in commands,
            "withdraw": Command.WITHDRAW in commands,
            "rate": ticket.status is TicketStatus.CALLING_BACK,
            "add": ticket.status.open,
        },
    }


def step(event: Event) -> dict[str, Any]:
    """A step of the timeline: who did it and why stay inside."""
    unit = event.facts.get("lead_unit") if event.event == "transfer" else None
    return {"event": event.event, "at": moment(event.at), "unit": unit}


def attached(one: Attachment) -> dict[str, Any]:
    """What was added."""
    return {"id": one.id, "kind": one.kind, "text": one.text, "at": moment(one.added_at)}
