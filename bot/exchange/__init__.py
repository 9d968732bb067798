"""What other systems reach over HTTP: the units' notices and pictures, and Open311."""

from aiohttp import web

from bot.exchange import notices, open311, pictures
from bot.exchange.parts import EXCHANGE, Exchange, open_exchange

__all__ = ["Exchange", "add_exchange", "open_exchange"]


def add_exchange(app: web.Application, exchange: Exchange) -> None:
    """Add the routes to the gateway's application."""
    app[EXCHANGE] = exchange
    app.router.add_post("/api/dispatch/notices", notices.take)
    app.router.add_get("/api/dispatch/tickets/{ticket_no}/pictures/{picture}", pictures.show)
    app.router.add_get("/open311/v2/services.json", open311.services)
    app.router.add_get("/open311/v2/services/{code}.json", open311.service)
    app.router.add_post("/open311/v2/requests.json", open311.create)
    app.router.add_get("/open311/v2/requests.json", open311.find)
    app.router.add_get("/open311/v2/requests/{number}.json", open311.show)
