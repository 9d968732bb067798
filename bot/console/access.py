"""Who is at the desk: signing in, the session behind the cookie, locking out.

A session lives in Redis under the hash of its cookie: with Redis gone everybody signs in again.
One session an agent: a new one ends the other.
"""

import hmac
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta
from hashlib import sha256

from bot.clock import Clock
from bot.console import passwords
from bot.live import Live
from bot.log import logger
from bot.rules.errors import Rejected, Unavailable
from bot.store import Agent, Look, Store

log = logger(__name__)

SESSION_SECONDS = 12 * 3600
WRONG_BEFORE_LOCK = 5
LOCKED = timedelta(minutes=15)
TRIES_A_MINUTE = 120  # from one address: an office may share one


@dataclass(frozen=True)
class Seat:
    """An agent who has signed in. ``csrf`` must come with every change."""

    login: str
    name: str
    role: str
    skills: tuple[str, ...]
    csrf: str

    def checked(self, csrf: str) -> None:
        """Rejected (``csrf``) when the page did not send this session's token."""
        if not hmac.compare_digest(self.csrf.encode(), csrf.encode()):
            raise Rejected("CSRF token missing or wrong", code="csrf", field="X-CSRF-Token")


class Access:
    """Signs agents in and out."""

    def __init__(self, store: Store, live: Live, clock: Clock) -> None:
        self._store = store
        self._live = live
        self._clock = clock

    async def sign_in(self, login: str, password: str, peer: str) -> tuple[str, Seat]:
        """The cookie and the seat. Rejected: ``too_many``, ``locked_out``, ``wrong_password``."""
        if not await self._live.allow(f"desk.login:{peer}", TRIES_A_MINUTE, 60):
            raise Rejected("too many tries from this address", code="too_many")
        async with self._store.read() as records:
            agent = await records.agents.find(login)
        at = self._clock()
        if agent and agent.locked_until and agent.locked_until > at:
            raise Rejected("locked after wrong passwords", code="locked_out", field="login")
        right = await passwords.matches(agent.password if agent else None, password)
        if agent is None or not agent.active or not right:
            await self._wrong(agent)
            raise Rejected("login or password is wrong", code="wrong_password", field="password")
        async with self._store.begin() as records:
            await records.agents.change(login, failures=0, locked_until=None)
            await records.audit.add(Look(login, "signed_in", login, at))
        return await self._seat(agent)

    async def of(self, cookie: str | None) -> Seat:
        """The seat behind a cookie. Rejected: ``unauthenticated``."""
        kept = await self._live.get(_key(cookie)) if cookie else None
        if kept is None and cookie and not await self._live.healthy():
            raise Unavailable("sessions cannot be read now")
        if kept is None:
            raise Rejected("sign in first", code="unauthenticated")
        told = json.loads(kept)
        return Seat(**(told | {"skills": tuple(told["skills"])}))

    async def sign_out(self, cookie: str) -> None:
        """End the session."""
        await self._live.delete(_key(cookie))

    async def _wrong(self, agent: Agent | None) -> None:
        if agent is None:
            return
        at, failures = self._clock(), agent.failures + 1
        locks = failures >= WRONG_BEFORE_LOCK
        async with self._store.begin() as records:
            await records.agents.change(
                agent.login,
                failures=0 if locks else failures,
                locked_until=at + LOCKED if locks else None,
            )
            action = "locked_out" if locks else "wrong_password"
            await records.audit.add(Look(agent.login, action, agent.login, at))
        log.warning("desk.sign_in_refused", locked=locks)

    async def _seat(self, agent: Agent) -> tuple[str, Seat]:
        cookie = secrets.token_urlsafe(32)
        seat = Seat(agent.login, agent.name, agent.role, agent.skills, secrets.token_urlsafe(32))
        kept = json.dumps(asdict(seat), ensure_ascii=False)
        if not await self._live.set(_key(cookie), kept, seconds=SESSION_SECONDS):
            raise Unavailable("sessions cannot be kept now")
        mine = f"desk:session-of:{agent.login}"
        before = await self._live.get(mine)
        if before:
            await self._live.delete(before)
        await self._live.set(mine, _key(cookie), seconds=SESSION_SECONDS)
        return cookie, seat


def _key(cookie: str) -> str:
    return f"desk:session:{sha256(cookie.encode()).hexdigest()}"
