"""What the mini-program's API stands on: who asks, in which session, and what may be asked.

``wx.login`` gives the page a code; we change it for the openid, keep that to ourselves, and give
the page a token of our own for its header ``Authorization: Bearer …``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.channels.chat import Hearing, Voice
from bot.channels.tokens import Token, Tokens
from bot.channels.wechat.continued import remind
from bot.channels.wechat.people import new_session, person_in, person_of, sessions_of
from bot.channels.wechat.platform import Platform
from bot.clock import Clock
from bot.desk import Desk
from bot.live import Live
from bot.rules.errors import NotFound, Rejected
from bot.rules.session import Channel
from bot.rules.ticket import Ticket
from bot.rules.wechat import goes_on
from bot.store import Person, Store
from knowledge_base.knowledge import KnowledgeBase

TICKETS_SHOWN = 100
LOGINS_A_MINUTE = 60  # from one address
REQUESTS_A_MINUTE = 120  # of one person


@dataclass(frozen=True)
class Door:
    """One per gateway. ``knowledge`` is made when the first question comes;
    ``templates``: of subscription messages, by the kind of news."""

    platform: Platform
    store: Store
    desk: Desk
    live: Live
    hearing: Hearing
    voice: Voice
    tokens: Tokens
    key: bytes
    clock: Clock
    knowledge: Callable[[], KnowledgeBase]
    templates: Mapping[str, str] = field(default_factory=dict)
    public_url: str = ""

    async def login(self, code: str, agreed: bool) -> tuple[Token, Person]:
        """The person's token, and the session that their page goes on with.

        Rejected: ``code_invalid``, ``code_used``; ``agreement_needed`` when the person has never
        agreed to the privacy notice: then nothing of them is kept.
        """
        openid = (await self.platform.identify(code)).openid
        name, at = person_of(self.key, self.platform.account, openid), self.clock()
        async with self.store.begin() as records:
            try:
                known: Person | None = await records.people.get(name)
            except NotFound:
                known = None
            if not agreed and (known is None or known.agreed_at is None):
                raise Rejected("agree first", code="agreement_needed", field="agreed")
            await records.people.meet([(name, self.platform.account.name, openid)], at)
            if known is None or known.agreed_at is None:
                await records.people.change(name, agreed_at=at)
            person = await records.people.get(name)
        session_id = await self._session_of(person)
        await self.hearing.begin(session_id, Channel.WECHAT, person.phone, at)
        await self.remind(session_id, person)
        return self.tokens.issue(session_id, at), person

    async def remind(self, session_id: str, person: Person) -> None:
        """Go on with what the person began on the phone, where there is something."""
        async with self.store.begin() as records:
            seq = await remind(records, session_id, person, self.clock())
        if seq:
            await self.live.publish(f"session:{session_id}", {"type": "turn", "seq": seq})

    async def _session_of(self, person: Person) -> str:
        at = self.clock()
        async with self.store.begin() as records:
            session_id = (await records.people.get(person.person)).page_session
            session = await records.sessions.find(session_id) if session_id else None
            if session_id is not None and session is not None:
                turns = await records.turns.since(session_id, max(0, session.turns - 1))
                last_at = turns[-1].at if turns else session.begun_at
                if goes_on(session.handler, last_at, at):
                    return session_id
            session_id = new_session(person.person)
            await records.people.change(person.person, page_session=session_id)
        return session_id

    async def who(self, request: web.Request) -> tuple[str, Person]:
        """The session and the person of a request. Rejected: ``unauthenticated``, ``too_many``."""
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer":
            raise Rejected("no token", code="unauthenticated", field="Authorization")
        try:
            token = self.tokens.check(text.strip(), self.clock())
        except Rejected as refused:
            raise Rejected(str(refused), code="unauthenticated", field="Authorization") from None
        name = person_in(token.session_id)
        if name is None:
            raise Rejected("no token of WeChat's", code="unauthenticated", field="Authorization")
        if not await self.live.allow(f"wechat.api:{name}", REQUESTS_A_MINUTE, 60):
            raise Rejected("too many requests", code="too_many")
        async with self.store.read() as records:
            try:
                person = await records.people.get(name)
            except NotFound:
                raise Rejected("nobody", code="unauthenticated", field="Authorization") from None
        return token.session_id, person

    async def tickets_of(self, person: Person) -> list[Ticket]:
        """The tickets of a person, newest first: of their sessions, and of their own number when
        the platform has verified it."""
        async with self.store.read() as records:
            first, last = sessions_of(person.person)
            found = await records.tickets.by_sessions(first, last, TICKETS_SHOWN)
            if person.phone:
                found += await records.tickets.by_phone(person.phone, TICKETS_SHOWN)
        unique = {ticket.ticket_no: ticket for ticket in found}
        return sorted(unique.values(), key=lambda ticket: ticket.accepted_at, reverse=True)

    async def own(self, person: Person, ticket_no: str) -> Ticket:
        """A ticket of the person's; NotFound for anybody else's, as if it were not there."""
        for ticket in await self.tickets_of(person):
            if ticket.ticket_no == ticket_no:
                return ticket
        raise NotFound("no such ticket of yours")


async def told(request: web.Request) -> dict[str, Any]:
    """The JSON object of a request. Rejected: ``body_malformed``."""
    try:
        found = await request.json()
    except ValueError:
        raise Rejected("not JSON", code="body_malformed", field="body") from None
    if not isinstance(found, dict):
        raise Rejected("not an object", code="body_malformed", field="body")
    return found


def word(found: dict[str, Any], name: str, *, most: int = 128, default: str | None = None) -> str:
    """A text field. Rejected (``field_malformed``) when it is none, or too long."""
    value = found.get(name, default)
    if not isinstance(value, str) or len(value) > most or (default is None and not value.strip()):
        raise Rejected(
            f"{name} is not a text of at most {most}", code="field_malformed", field=name
        )
    return value.strip()


def moment(at: datetime | None) -> str | None:
    """A time as pages get it."""
    return at.isoformat() if at else None
