"""What the routes for other systems stand on."""

import re
from dataclasses import dataclass

from aiohttp import web

from bot.clock import Clock
from bot.desk import Desk
from bot.rules.errors import Rejected

NAME = re.compile(r"[a-z0-9-]{1,32}")


@dataclass(frozen=True)
class Exchange:
    """The desk, the secret shared with the dispatch system, the Open311 keys, and the time.

    ``keys`` maps an api_key to the name of who holds it.
    """

    desk: Desk
    secret: str
    keys: dict[str, str]
    clock: Clock


def open_exchange(desk: Desk, secret: str, keys: str, clock: Clock) -> Exchange:
    """``keys`` as the setting has them: ``name:key``, separated by commas.

    Raises Rejected by the setting's name when a part is not of that form.
    """
    holders = {}
    for part in filter(None, (piece.strip() for piece in keys.split(","))):
        name, _, key = part.partition(":")
        if not NAME.fullmatch(name) or not key:
            raise Rejected("name:key", code="malformed", field="HOTLINE_OPEN311_KEYS")
        holders[key] = name
    return Exchange(desk, secret, holders, clock)


EXCHANGE = web.AppKey("exchange", Exchange)
