"""``GET /api/dispatch/tickets/{ticket_no}/pictures/{picture}``: what a caller photographed."""

from aiohttp import web

from bot.exchange.parts import EXCHANGE
from bot.rules.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, verify


async def show(request: web.Request) -> web.Response:
    """The picture, to whoever signed the path as our letters' bodies are signed."""
    exchange, headers = request.app[EXCHANGE], request.headers
    timestamp, signature = headers.get(TIMESTAMP_HEADER, ""), headers.get(SIGNATURE_HEADER, "")
    verify(exchange.secret, timestamp, signature, request.path.encode(), exchange.clock())
    found = request.match_info
    mime, data = await exchange.desk.picture_for_unit(
        found["ticket_no"], found["picture"], at=exchange.clock()
    )
    headers_out = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    return web.Response(body=data, content_type=mime, headers=headers_out)
