"""动态口令 over HTTP: setting it up, and taking it away when a phone is lost."""

import io

import pyotp
import segno
from aiohttp import web

from bot.console.codes import accepted
from bot.console.parts import CONSOLE, SEAT, body, word
from bot.console.roles import Deed, allow
from bot.rules.errors import Rejected
from bot.store import Look

PENDING_SECONDS = 600
ISSUER = "12345"


async def begin(request: web.Request) -> web.Response:
    """``POST /api/desk/second-factor``: a new key for an authenticator; counts once confirmed."""
    console, seat = request.app[CONSOLE], request[SEAT]
    if seat.factor:
        raise Rejected("there is one already", code="conflict", field="second_factor")
    secret = pyotp.random_base32()
    await console.live.set(_pending(seat.login), secret, seconds=PENDING_SECONDS)
    return web.json_response({"secret": secret, "address": _address(seat.login, secret)})


async def picture(request: web.Request) -> web.Response:
    """``GET /api/desk/second-factor.svg``: the new key as a QR code, until it is confirmed."""
    console, seat = request.app[CONSOLE], request[SEAT]
    secret = await console.live.get(_pending(seat.login))
    if secret is None:
        raise Rejected("begin again", code="not_found", field="code")
    drawn = io.BytesIO()
    code = segno.make_qr(_address(seat.login, secret), error="m")
    code.save(drawn, kind="svg", scale=4, dark="#000", light="#fff")
    return web.Response(body=drawn.getvalue(), content_type="image/svg+xml")


async def confirm(request: web.Request) -> web.Response:
    """``POST …/confirm {code}``: the codes are right; from now on one is asked."""
    console, seat, told = request.app[CONSOLE], request[SEAT], await body(request)
    secret = await console.live.get(_pending(seat.login))
    if secret is None:
        raise Rejected("begin again", code="not_found", field="code")
    at, code = console.clock(), word(told, "code", most=16)
    if not await accepted(console.live, seat.login, secret, code, at):
        raise Rejected("not the code", code="wrong_code", field="code")
    async with console.store.begin() as records:
        await records.agents.change(seat.login, totp=secret)
        await records.audit.add(Look(seat.login, "second_factor_set", seat.login, at))
    await console.live.delete(_pending(seat.login))
    await console.access.passed_second(seat)
    return web.json_response({})


async def reset(request: web.Request) -> web.Response:
    """``POST /api/desk/agents/{login}/second-factor/reset {reason}``: by an administrator."""
    console, seat, told = request.app[CONSOLE], request[SEAT], await body(request)
    allow(seat.role, Deed.MANAGE_AGENTS)
    login, reason = request.match_info["login"], word(told, "reason", most=200).strip()
    if not reason:
        raise Rejected("say why", code="missing", field="reason")
    async with console.store.begin() as records:
        await records.agents.change(login, totp=None)
        look = Look(seat.login, "second_factor_reset", login, console.clock(), reason)
        await records.audit.add(look)
    await console.access.end_of(login)
    return web.json_response({})


def _address(login: str, secret: str) -> str:
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def _pending(login: str) -> str:
    return f"desk.second-factor:{login}"
