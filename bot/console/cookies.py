"""The cookie that a desk session lies behind."""

from aiohttp import web

from bot.console.access import SESSION_SECONDS

COOKIE = "hotline_desk"


def secure(request: web.Request) -> bool:
    """Whether the browser came by HTTPS."""
    return request.secure or request.headers.get("X-Forwarded-Proto") == "https"


def give_cookie(request: web.Request, response: web.Response, cookie: str) -> None:
    """Scripts and other sites get nothing of it."""
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=SESSION_SECONDS,
        path="/",
        httponly=True,
        samesite="Strict",
        secure=secure(request),
    )
