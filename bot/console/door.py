"""The desk's door: signing in and out, and who may pass to everything behind it."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from bot.console.access import Seat
from bot.console.cookies import COOKIE, give_cookie
from bot.console.parts import CONSOLE, SEAT, body, word
from bot.guard import PEER
from bot.log import logger
from bot.rules.errors import Rejected, Unavailable
from bot.store import Look

log = logger(__name__)

OPEN = frozenset(f"/api/desk/{path}" for path in ("login", "ways", "oidc", "oidc/back"))
BEFORE_SECOND_FACTOR = frozenset(
    f"/api/desk/{path}"
    for path in ("me", "logout", "second-factor", "second-factor.svg", "second-factor/confirm")
)
NOTED = frozenset({"unauthenticated", "csrf", "forbidden", "not_yours"})
NOTED_SECONDS = 600
NOBODY = "?"  # no login
SAFE = frozenset({"GET", "HEAD"})

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def door(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Behind ``/api/desk`` and ``/ws/desk`` only those signed in; changes only with the token."""
    if not request.path.startswith(("/api/desk/", "/ws/desk")):
        return await handler(request)
    try:
        return await _inside(request, handler)
    except Rejected as refused:
        if refused.code in NOTED:
            await _note(request, refused.code)
        raise


async def _inside(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.method not in SAFE or request.path.startswith("/ws/"):
        _same_origin(request)
    if request.path not in OPEN:
        seat = await request.app[CONSOLE].access.of(request.cookies.get(COOKIE))
        request[SEAT] = seat
        if request.method not in SAFE:
            seat.checked(request.headers.get("X-CSRF-Token", ""))
        if request.app[CONSOLE].access.second_factor and not seat.factor:
            _only_to_set_it(request.path)
    return await handler(request)


async def _note(request: web.Request, code: str) -> None:
    """On the audit trail, once in a while: who tried, from where, what for."""
    console, seat = request.app[CONSOLE], request.get(SEAT)
    cookie = request.cookies.get(COOKIE)
    if code == "unauthenticated" and not cookie:
        return  # a page before signing in
    by = seat.login if seat else NOBODY
    key = f"desk.refused:{by}:{code}:{request[PEER]}"
    if not await console.live.set(key, "1", seconds=NOTED_SECONDS, fresh=True):
        return
    what = f"{request.method} {request.path}"[:128]
    try:
        async with console.store.begin() as records:
            look = Look(by, "refused", what, console.clock(), f"{code} {request[PEER]}")
            await records.audit.add(look)
    except Unavailable:
        log.warning("desk.refusal_not_noted", code=code)


async def sign_in(request: web.Request) -> web.Response:
    """``POST /api/desk/login``."""
    told = await body(request)
    cookie, seat = await request.app[CONSOLE].access.sign_in(
        word(told, "login", most=64),
        word(told, "password"),
        request[PEER],
        word(told, "code", most=16, default=""),
    )
    response = web.json_response(_told(request, seat))
    give_cookie(request, response, cookie)
    return response


async def sign_out(request: web.Request) -> web.Response:
    """``POST /api/desk/logout``."""
    await request.app[CONSOLE].access.sign_out(request.cookies[COOKIE])
    response = web.json_response({})
    response.del_cookie(COOKIE, path="/")
    return response


async def me(request: web.Request) -> web.Response:
    """``GET /api/desk/me``."""
    return web.json_response(_told(request, request[SEAT]))


def shown(seat: Seat) -> dict[str, object]:
    """The signed-in agent as the page gets it."""
    return {
        "login": seat.login,
        "name": seat.name,
        "role": seat.role,
        "skills": list(seat.skills),
        "csrf": seat.csrf,
        "factor": seat.factor,
    }


def _told(request: web.Request, seat: Seat) -> dict[str, object]:
    return shown(seat) | {"factor_required": request.app[CONSOLE].access.second_factor}


def _only_to_set_it(path: str) -> None:
    if path not in BEFORE_SECOND_FACTOR:
        raise Rejected("set a second factor first", code="second_factor_missing", field="code")


def _same_origin(request: web.Request) -> None:
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise Rejected("the request comes from another site", code="csrf", field="Origin")
