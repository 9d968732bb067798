"""What stands before every HTTP handler: peer address, security headers, errors as JSON."""

import ipaddress
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot import metrics
from bot.log import logger
from bot.rules.errors import NotFound, Rejected, Unavailable

log = logger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PEER = web.RequestKey("peer", str)
BODY_BYTES = 256 * 1024

HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "media-src 'self' blob:",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

STATUS = {
    "unauthenticated": 401,
    "csrf": 403,
    "forbidden": 403,
    "too_many": 429,
    "locked_out": 429,
    "conflict": 409,
    "stale": 409,
    "already_accepted": 409,
    "not_yours": 403,
    "sealed": 403,
    "full": 409,
    "second_factor_missing": 403,
}


@web.middleware
async def headers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Security headers on whatever comes back, errors included; nothing of an API is cached."""
    try:
        response = await handler(request)
    except web.HTTPException as error:
        error.headers.update(HEADERS)
        raise
    if not response.prepared:
        response.headers.update(HEADERS)
        if request.path.startswith(("/api/", "/health", "/metrics")):
            response.headers["Cache-Control"] = "no-store"
        else:
            response.headers.setdefault("Cache-Control", "no-cache")
    return response


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The adapters' errors, and aiohttp's under ``/api/``, as ``{"error": {code, message, …}}``."""
    try:
        return await handler(request)
    except Rejected as error:
        return _error(STATUS.get(error.code, 400), error.code, str(error), error.field)
    except NotFound as error:
        return _error(404, "not_found", str(error))
    except Unavailable as error:
        log.warning("gateway.unavailable", path=request.path, reason=str(error))
        return _error(503, "unavailable", str(error))
    except web.HTTPException as error:
        if error.status < 400 or not request.path.startswith("/api/"):
            raise
        return _error(error.status, error.reason.lower().replace(" ", "_"), error.reason)


@web.middleware
async def peer(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Notes the address of the caller's side as ``request[PEER]``, for limits."""
    request[PEER] = peer_of(request.remote or "", request.headers.get("X-Forwarded-For", ""))
    return await handler(request)


def peer_of(remote: str, forwarded: str) -> str:
    """The address next to ``remote``: what a proxy in our own network says, else ``remote``."""
    try:
        trusted = ipaddress.ip_address(remote).is_private
    except ValueError:
        trusted = True  # a Unix socket
    last = forwarded.rsplit(",", 1)[-1].strip()
    try:
        return str(ipaddress.ip_address(last)) if trusted and last else remote
    except ValueError:
        return remote


def _error(status: int, code: str, message: str, field: str | None = None) -> web.Response:
    metrics.refusals.labels(code).inc()
    told = {"code": code, "message": message} | ({"field": field} if field else {})
    return web.json_response({"error": told}, status=status, headers=HEADERS)
