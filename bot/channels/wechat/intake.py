"""Takes up what a person pushed: which session each push belongs to, heard once, then done."""

from dataclasses import dataclass, replace

from bot.channels.wechat.hearing import Listener
from bot.channels.wechat.held import Held
from bot.channels.wechat.people import new_session
from bot.log import logger
from bot.rules.errors import HotlineError
from bot.rules.session import Handler
from bot.rules.wechat import goes_on
from bot.store import Person, Push

log = logger(__name__)

ATTEMPTS = 20


@dataclass(frozen=True)
class Intake:
    """One per postman."""

    listener: Listener

    async def session_of(self, held: Held, push: Push) -> str:
        """The session that a push belongs to: the line's, or a new one."""
        known = push.session_id or held.line.session_id
        if known is None or push.session_id is not None:
            return known or new_session(held.line.person)
        async with held.store.read() as records:
            session = await records.sessions.find(known)
        handler = session.handler if session else Handler.BOT
        if goes_on(handler, held.line.heard_at, push.received_at):
            return known
        return new_session(held.line.person)

    async def take(self, held: Held, push: Push, person: Person, session_id: str) -> None:
        """Hear it. Unavailable when it has to be tried again; after many tries it is left."""
        push = await self._begin(held, push, session_id)
        try:
            await self.listener.take(push, person)
        except HotlineError as error:
            if push.attempts < ATTEMPTS:
                raise
            log.error("wechat.never_heard", push=push.id, reason=str(error))
            done: dict[str, object] = {"state": "dead"}
        else:
            done = {"state": "done", "facts": {}}  # the turns have it now
        async with held.store.begin() as records:
            await held.write(records)
            await records.inbox.change(push.id, **done)

    async def _begin(self, held: Held, push: Push, session_id: str) -> Push:
        """The push with its session, written down before anything is said."""
        attempts = push.attempts + 1
        seq = held.line.seq if session_id == held.line.session_id else 0
        async with held.store.begin() as records:
            await records.inbox.change(push.id, session_id=session_id, attempts=attempts)
            await held.write(records, session_id=session_id, seq=seq, heard_at=push.received_at)
        return replace(push, session_id=session_id, attempts=attempts)
