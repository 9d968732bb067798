"""Signing in by the city's own accounts (OpenID Connect), beside passwords.

The page goes to the issuer and comes back with a code. Whoever comes back must be the browser
that went: the state lies in a cookie of its own and in Redis, once. The role comes from a claim of
the token at every sign-in; who has none of the roles that are mapped is refused.
"""

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from aiohttp import web

from bot.console.cookies import give_cookie, secure
from bot.console.issuer import Issuer
from bot.console.parts import CONSOLE, Console
from bot.console.roles import ROLES
from bot.guard import PEER
from bot.log import logger
from bot.rules.errors import HotlineError, Rejected
from bot.rules.handoff import Skill
from bot.store import Agent, Look

log = logger(__name__)

STATE = "hotline_oidc"
PATH = "/api/desk/oidc"
UNDER_WAY_SECONDS = 600
TRIES_A_MINUTE = 60
NO_PASSWORD = "!"  # matches none
STRONG = frozenset({"mfa", "otp", "hwk", "swk", "sms", "fpt", "face", "iris"})  # RFC 8176


@dataclass(frozen=True)
class SingleSignOn:
    """``roles``: which value of the claim is which of our roles, the strongest first. ``back``:
    our address as the issuer knows it, or empty to take the browser's word for it."""

    issuer: Issuer
    claim: str
    roles: Mapping[str, str]
    back: str


SIGN_ON: web.AppKey[SingleSignOn | None] = web.AppKey("single_sign_on")


def read_roles(text: str) -> dict[str, str]:
    """``value:role`` separated by commas. ValueError for what is no role of ours."""
    pairs = [pair.strip().rpartition(":") for pair in text.split(",") if pair.strip()]
    roles = {value: role for value, _, role in pairs}
    if wrong := [role for role in roles.values() if role not in ROLES]:
        raise ValueError(f"no such role: {wrong[0]}")
    return roles


async def ways(request: web.Request) -> web.Response:
    """``GET /api/desk/ways``: how one may sign in here."""
    return web.json_response({"oidc": request.app[SIGN_ON] is not None})


async def go(request: web.Request) -> web.Response:
    """``GET /api/desk/oidc``: to the issuer."""
    console, sign_on = request.app[CONSOLE], _sign_on(request)
    if not await console.live.allow(f"desk.oidc:{request[PEER]}", TRIES_A_MINUTE, 60):
        raise Rejected("too many tries from this address", code="too_many")
    back = _back(request, sign_on)
    question = await sign_on.issuer.ask(back)
    kept = json.dumps({"nonce": question.nonce, "verifier": question.verifier, "back": back})
    await console.live.set(_key(question.state), kept, seconds=UNDER_WAY_SECONDS)
    response = web.Response(status=302, headers={"Location": question.address})
    response.set_cookie(
        STATE,
        question.state,
        max_age=UNDER_WAY_SECONDS,
        path=PATH,
        httponly=True,
        samesite="Lax",  # the way back begins at the issuer's site
        secure=back.startswith("https:"),
    )
    return response


async def returned(request: web.Request) -> web.Response:
    """``GET /api/desk/oidc/back?code&state``: from the issuer; to the desk, in or refused."""
    try:
        cookie = await _signed_in(request)
    except HotlineError as error:
        code = error.code if isinstance(error, Rejected) else "unavailable"
        log.warning("desk.oidc_refused", code=code, reason=str(error))
        async with request.app[CONSOLE].store.begin() as records:
            at = request.app[CONSOLE].clock()
            await records.audit.add(Look("oidc", "sign_in_refused", request[PEER], at, str(error)))
        response = web.Response(status=303, headers={"Location": f"/desk?refused={code}"})
    else:
        response = web.Response(status=303, headers={"Location": "/desk"})
        give_cookie(request, response, cookie)
    response.del_cookie(STATE, path=PATH)
    return response


async def _signed_in(request: web.Request) -> str:
    console, sign_on = request.app[CONSOLE], _sign_on(request)
    state, code = request.query.get("state", ""), request.query.get("code", "")
    if not hmac.compare_digest(state.encode(), request.cookies.get(STATE, "").encode()):
        raise Rejected("not the browser that asked", code="oidc_refused", field="state")
    kept = await console.live.take(_key(state)) if state else None
    if kept is None:
        raise Rejected("no such sign-in is under way", code="oidc_refused", field="state")
    if not code:
        raise Rejected("the issuer said no", code="oidc_refused", field="code")
    asked = json.loads(kept)
    claims = await sign_on.issuer.claims(code, asked["back"], asked["nonce"], asked["verifier"])
    agent = await _agent(console, sign_on, claims)
    return await console.access.admit(agent, strong=bool(_words(claims, "amr") & STRONG))


async def _agent(console: Console, sign_on: SingleSignOn, claims: dict[str, Any]) -> Agent:
    """The account of who the token speaks of; a new one the first time."""
    had = _words(claims, sign_on.claim)
    role = next((ours for theirs, ours in sign_on.roles.items() if theirs in had), None)
    if role is None:
        raise Rejected("no role of the hotline's", code="oidc_no_role", field=sign_on.claim)
    subject = sha256(f"{claims['iss']} {claims['sub']}".encode()).hexdigest()
    at = console.clock()
    async with console.store.begin() as records:
        agent = await records.agents.of_subject(subject)
        if agent is None:
            login = re.sub(r"[^A-Za-z0-9]", "", str(claims.get("preferred_username", "")))[:32]
            if not login or await records.agents.find(login):
                login += subject[:8]  # an account with a password stays its owner's
            name = str(claims.get("name") or login)[:64]
            skills = (Skill.MANDARIN.value,)
            agent = Agent(login, name, role, skills, NO_PASSWORD, at, subject=subject)
            await records.agents.add(agent)
            await records.audit.add(Look("oidc", "agent_added", login, at))
        elif not agent.active:
            raise Rejected("the account is closed", code="oidc_refused", field="active")
        elif agent.role != role:
            await records.agents.change(agent.login, role=role)
            await records.audit.add(Look("oidc", "role_changed", agent.login, at, role))
    async with console.store.read() as records:
        found = await records.agents.of_subject(subject)
    return found or agent


def _sign_on(request: web.Request) -> SingleSignOn:
    sign_on = request.app[SIGN_ON]
    if sign_on is None:
        raise web.HTTPNotFound
    return sign_on


def _back(request: web.Request, sign_on: SingleSignOn) -> str:
    own = f"{'https' if secure(request) else 'http'}://{request.host}"
    return f"{sign_on.back.rstrip('/') or own}{PATH}/back"


def _words(claims: dict[str, Any], name: str) -> set[str]:
    """A claim that is a word, or several; ``a.b`` looks inside an object."""
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    many = found if isinstance(found, list) else [found]
    return {one for one in many if isinstance(one, str)}


def _key(state: str) -> str:
    return f"desk.oidc:{sha256(state.encode()).hexdigest()}"
