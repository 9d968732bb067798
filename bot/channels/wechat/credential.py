"""The access token of an account: one for all processes, renewed before it ends, by one of them.

https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getstableaccesstoken.html

The stable interface hands out the same token until five minutes before its end; from then on a
new one, while the old one is good for five minutes more. So whoever holds the renewal asks in
that time and the others go on with what they have, and with Redis away each process may ask for
itself without hurting the others.
"""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass

from bot.channels.wechat.account import Account
from bot.channels.wechat.wire import Wire
from bot.clock import Clock, now
from bot.live import Live
from bot.rules.errors import Unavailable

EARLY_SECONDS = 280.0
RENEWAL_SECONDS = 10  # how long one process may take to renew
LOOK_SECONDS = 0.05
FORCED_APART_SECONDS = 30  # the platform's own limit for renewals by force
PATH = "/cgi-bin/stable_token"


@dataclass(frozen=True)
class Token:
    """A token and when it ends, in seconds since 1970."""

    text: str
    ends: float


class Credential:
    """The token of one account."""

    def __init__(self, account: Account, wire: Wire, live: Live, clock: Clock = now) -> None:
        self._account = account
        self._wire = wire
        self._live = live
        self._clock = clock
        self._key = f"wechat:token:{account.name}"
        self._renewal = f"{self._key}:renewal"
        self._held: Token | None = None
        self._asking = asyncio.Lock()

    async def token(self) -> str:
        """A token that is valid now. Unavailable, Rejected (the account is set up wrong)."""
        known = await self._known()
        if known is not None and not self._ends_soon(known):
            return known.text
        async with self._asking:
            known = await self._known()
            if known is not None and not self._ends_soon(known):
                return known.text
            if await self._may_renew():
                try:
                    known = await self._known()  # somebody may just have done it
                    if known is None or self._ends_soon(known):
                        known = await self._renewed(force=False)
                finally:
                    await self._live.delete(self._renewal)
                return known.text
            known = known or await self._renewed_elsewhere()
            return (known or await self._renewed(force=False)).text

    async def replace(self, stale: str) -> str:
        """Another token than this one, which the platform does not take any more."""
        async with self._asking:
            known = await self._known()
            if known is not None and known.text != stale:
                return known.text
            fresh = await self._renewed(force=False)
            if fresh.text != stale:
                return fresh.text
            allowed = await self._live.allow(f"{self._key}:force", 1, FORCED_APART_SECONDS)
            if not allowed:
                raise Unavailable("WeChat gives no other token yet")
            return (await self._renewed(force=True)).text

    async def _known(self) -> Token | None:
        """The token in Redis; where Redis is away, the last one of this process."""
        stored = await self._live.get(self._key)
        if stored is not None:
            with suppress(ValueError, KeyError):
                told = json.loads(stored)
                self._held = Token(str(told["text"]), float(told["ends"]))
        held = self._held
        return held if held is not None and self._now() < held.ends else None

    async def _renewed_elsewhere(self) -> Token | None:
        """The token that another process is asking for; None when none comes."""
        for _ in range(int(RENEWAL_SECONDS / LOOK_SECONDS)):
            if not await self._live.healthy():
                return None
            await asyncio.sleep(LOOK_SECONDS)
            if (known := await self._known()) is not None:
                return known
        return None

    async def _may_renew(self) -> bool:
        return await self._live.set(self._renewal, "1", seconds=RENEWAL_SECONDS, fresh=True)

    async def _renewed(self, *, force: bool) -> Token:
        asked = {
            "grant_type": "client_credential",
            "appid": self._account.app_id,
            "secret": self._account.secret,
            "force_refresh": force,
        }
        try:
            answer = await self._wire.post(PATH, {}, asked)
            lasts = int(answer["expires_in"])
            token = Token(str(answer["access_token"]), self._now() + lasts)
        except (KeyError, ValueError, TypeError):
            raise Unavailable("WeChat gave no token") from None
        self._held = token
        told = json.dumps({"text": token.text, "ends": token.ends})
        await self._live.set(self._key, told, seconds=max(1, lasts))
        return token

    def _ends_soon(self, token: Token) -> bool:
        return token.ends - self._now() < EARLY_SECONDS

    def _now(self) -> float:
        return self._clock().timestamp()
