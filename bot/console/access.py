"""Who is at the desk: signing in, the session behind the cookie, locking out.

A session lives in Redis under the hash of its cookie: with Redis gone everybody signs in again.
One session an agent: a new one ends the other.
"""

import hmac
import json
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from hashlib import sha256

from bot.clock import Clock
from bot.console import passwords
from bot.console.codes import accepted
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
    factor: bool = False  # signed in with a second factor

    def checked(self, csrf: str) -> None:
        """Rejected (``csrf``) when the page did not send this session's token."""
        if not hmac.compare_digest(self.csrf.encode(), csrf.encode()):
            raise Rejected("CSRF token missing or wrong", code="csrf", field="X-CSRF-Token")


class Access:
    """Signs agents in and out."""

    def __init__(
        self, store: Store, live: Live, clock: Clock, *, second_factor: bool = False
    ) -> None:
        self._store = store
        self._live = live
        self._clock = clock
        self.second_factor = second_factor  # whether everybody must have one

    async def sign_in(
        self, login: str, password: str, peer: str, code: str = ""
    ) -> tuple[str, Seat]:
        """The cookie and the seat. Rejected: ``too_many``, ``locked_out``, ``wrong_password``;
        ``second_factor`` when the password is right and a code is asked for, ``wrong_code``."""
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
        if agent.totp:
            await self._second(agent, agent.totp, code)
        async with self._store.begin() as records:
            await records.agents.change(login, failures=0, locked_until=None)
            await records.audit.add(Look(login, "signed_in", login, at))
        return await self._seat(agent, factor=agent.totp is not None)

    async def admit(self, agent: Agent, *, strong: bool) -> str:
        """The cookie of an agent whom an issuer has vouched for. ``strong``: by two factors."""
        async with self._store.begin() as records:
            await records.audit.add(
                Look(agent.login, "signed_in", agent.login, self._clock(), "oidc")
            )
        return (await self._seat(agent, factor=strong))[0]

    async def _second(self, agent: Agent, secret: str, code: str) -> None:
        if not code:
            raise Rejected("a code is asked for", code="second_factor", field="code")
        if not await accepted(self._live, agent.login, secret, code, self._clock()):
            await self._wrong(agent)
            raise Rejected("the code is wrong", code="wrong_code", field="code")

    async def passed_second(self, seat: Seat) -> None:
        """The agent has set a second factor: this session counts as signed in with it."""
        key = await self._live.get(f"desk:session-of:{seat.login}")
        if key:
            await self._live.set(key, _kept(replace(seat, factor=True)), seconds=SESSION_SECONDS)

    async def end_of(self, login: str) -> None:
        """End an agent's session, wherever it is."""
        key = await self._live.get(f"desk:session-of:{login}")
        if key:
            await self._live.delete(key)

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

    async def _seat(self, agent: Agent, *, factor: bool) -> tuple[str, Seat]:
        cookie, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        seat = Seat(agent.login, agent.name, agent.role, agent.skills, csrf, factor)
        if not await self._live.set(_key(cookie), _kept(seat), seconds=SESSION_SECONDS):
            raise Unavailable("sessions cannot be kept now")
        mine = f"desk:session-of:{agent.login}"
        before = await self._live.get(mine)
        if before:
            await self._live.delete(before)
            await self._live.publish("desk", {"type": "signed_in", "agent": agent.login})
        await self._live.set(mine, _key(cookie), seconds=SESSION_SECONDS)
        return cookie, seat


def _kept(seat: Seat) -> str:
    return json.dumps(asdict(seat), ensure_ascii=False)


def _key(cookie: str) -> str:
    return f"desk:session:{sha256(cookie.encode()).hexdigest()}"
