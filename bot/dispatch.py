"""Delivery to the city's dispatch system: to its HTTP address, or to the log alone (default)."""

import json
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp

from bot.clock import Clock, now
from bot.log import logger
from bot.rules.errors import Rejected, Unavailable
from bot.rules.signature import KEY_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, sign

log = logger(__name__)

DEADLINE_SECONDS = 10.0
TRY_AGAIN = frozenset({408, 425, 429})


@dataclass(frozen=True)
class Parcel:
    """One delivery. The same ``key`` is the same thing, however often it comes."""

    key: str
    kind: str
    payload: dict[str, Any]


class Dispatcher(Protocol):
    """Where handling units get their tickets from."""

    async def deliver(self, parcel: Parcel) -> None:
        """Hand it over. Unavailable: try again later; Rejected: it will never be taken."""

    async def close(self) -> None:
        """Give back what is held."""


class LogDispatcher:
    """Writes one line and delivers nothing: what tests, trials and stagings use."""

    async def deliver(self, parcel: Parcel) -> None:
        """Log the delivery, without what the caller said."""
        unit = parcel.payload.get("lead_unit", "")
        log.info("dispatch.logged", key=parcel.key, kind=parcel.kind, lead_unit=unit)

    async def close(self) -> None:
        """Nothing is held."""


class HttpDispatcher:
    """POSTs each parcel as signed JSON; 2xx and 409 (known already) mean that it is there."""

    def __init__(self, url: str, secret: str, clock: Clock = now) -> None:
        self._url = url
        self._secret = secret
        self._clock = clock
        self._http = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=DEADLINE_SECONDS), trust_env=True
        )

    async def deliver(self, parcel: Parcel) -> None:
        """Hand it over within the deadline."""
        body = json.dumps({"letter": parcel.kind, **parcel.payload}, ensure_ascii=False).encode()
        timestamp = int(self._clock().timestamp())
        headers = {
            "Content-Type": "application/json",
            KEY_HEADER: parcel.key,
            TIMESTAMP_HEADER: str(timestamp),
            SIGNATURE_HEADER: sign(self._secret, timestamp, body),
        }
        try:
            async with self._http.post(self._url, data=body, headers=headers) as response:
                status = response.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unavailable(f"dispatch system: {type(error).__name__}") from error
        if status < 300 or status == 409:
            return
        if status >= 500 or status in TRY_AGAIN:
            raise Unavailable(f"dispatch system: HTTP {status}")
        raise Rejected(f"dispatch system: HTTP {status}", code="refused")

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.close()


def open_dispatcher(where: str, secret: str) -> Dispatcher:
    """The dispatcher for a setting: ``log``, or an HTTP address."""
    if where == "log":
        return LogDispatcher()
    if not where.startswith(("http://", "https://")):
        raise Rejected("'log' or an HTTP address", code="unknown", field="HOTLINE_DISPATCH")
    if not secret:
        raise Rejected("a secret to sign with", code="missing", field="HOTLINE_DISPATCH_SECRET")
    return HttpDispatcher(where, secret)
