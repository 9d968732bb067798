"""What the routes for other systems stand on."""

from dataclasses import dataclass

from aiohttp import web

from bot.clock import Clock
from bot.desk import Desk


@dataclass(frozen=True)
class Exchange:
    """The desk, the secret shared with the dispatch system, the Open311 keys, and the time.

    ``keys`` maps an api_key to the name of who holds it.
    """

    desk: Desk
    secret: str
    keys: dict[str, str]
    clock: Clock


EXCHANGE = web.AppKey("exchange", Exchange)
