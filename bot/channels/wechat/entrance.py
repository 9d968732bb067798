"""``/api/wechat/``: coming in, one's number, and the messages one allows."""

from aiohttp import web

from bot.channels.wechat.door import LOGINS_A_MINUTE, Door, told, word
from bot.channels.wechat.news import TRANSFERRED, wish
from bot.guard import PEER
from bot.rules.errors import Rejected
from bot.rules.privacy import mask_phone
from bot.store import Person

DOOR = web.AppKey("wechat_door", Door)
MOST_CONSENTS = 20


async def login(request: web.Request) -> web.Response:
    """``POST login {code, agreed?}``: the page's token."""
    door = request.app[DOOR]
    if not await door.live.allow(f"wechat.login:{request[PEER]}", LOGINS_A_MINUTE, 60):
        raise Rejected("too many logins from this address", code="too_many")
    found = await told(request)
    token, person = await door.login(word(found, "code"), found.get("agreed") is True)
    answer = {"token": token.text, "expires": token.expires_at.isoformat()}
    return web.json_response(answer | shown(person, door))


async def phone(request: web.Request) -> web.Response:
    """``POST phone {code}``: the number the person agreed to show; tickets of it are theirs."""
    door = request.app[DOOR]
    session_id, person = await door.who(request)
    number = await door.platform.phone(word(await told(request), "code"))
    async with door.store.begin() as records:
        await records.people.change(person.person, phone=number)
        await records.sessions.named(session_id, number)
        person = await records.people.get(person.person)
    await door.remind(session_id, person)
    return web.json_response(shown(person, door))


async def consents(request: web.Request) -> web.Response:
    """``POST consents {accepted: [template], ticket_no?}``: one more message of each is allowed;
    with a ticket that no unit has yet, its transfer will be told."""
    door = request.app[DOOR]
    _, person = await door.who(request)
    found = await told(request)
    accepted = found.get("accepted")
    if not isinstance(accepted, list):
        raise Rejected("no list", code="field_malformed", field="accepted")
    number = word(found, "ticket_no", default="")
    ticket = await door.own(person, number) if number else None
    async with door.store.begin() as records:
        for kind, template in door.templates.items():
            if template not in accepted:
                continue
            left = await records.news.allowed(person.person, template)
            await records.news.allow(person.person, template, min(left + 1, MOST_CONSENTS))
            waits = ticket is not None and ticket.progress.transferred_at is None
            if kind == TRANSFERRED and ticket is not None and waits:
                await records.news.add(wish(ticket, person, door.clock()))
    return web.json_response({})


def shown(person: Person, door: Door) -> dict[str, object]:
    """What a page knows of its person."""
    number = mask_phone(person.phone) if person.phone else None
    return {"phone": number, "templates": list(door.templates.values())}
