"""What we ask of WeChat's servers, by name. Raises Unavailable and Rejected, nothing else."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp

from bot.channels.wechat.account import Account
from bot.channels.wechat.credential import Credential
from bot.channels.wechat.refusal import Stale
from bot.channels.wechat.wire import Wire
from bot.live import Live
from bot.rules.errors import Rejected, Unavailable

Answer = TypeVar("Answer")

SEND = "/cgi-bin/message/custom/send"
SUBSCRIBE = "/cgi-bin/message/subscribe/send"
MEDIA = "/cgi-bin/media/get"
SESSION = "/sns/jscode2session"
PHONE = "/wxa/business/getuserphonenumber"
CHECK_TEXT = "/wxa/msg_sec_check"
CHECK_MEDIA = "/wxa/media_check_async"
SCENE_COMMENT = 2
IMAGE, AUDIO = 2, 1


@dataclass(frozen=True)
class Identified:
    """Whom a login code belongs to. The session key is not kept: nothing here needs it."""

    openid: str


class Platform:
    """WeChat, for one account."""

    def __init__(self, account: Account, wire: Wire, credential: Credential) -> None:
        self.account = account
        self._wire = wire
        self._credential = credential

    @classmethod
    def over(
        cls, account: Account, http: aiohttp.ClientSession, live: Live, base: str, seconds: float
    ) -> "Platform":
        """The platform over an HTTP client."""
        wire = Wire(http, base, seconds)
        return cls(account, wire, Credential(account, wire, live))

    async def send_text(self, openid: str, text: str) -> None:
        """A customer-service message. Rejected: ``window_closed``, ``count_exhausted``,
        ``unauthorized``, ``unknown_person``, ``too_long``."""
        body = {"touser": openid, "msgtype": "text", "text": {"content": text}}
        await self._post(SEND, body)

    async def send_subscribed(
        self, openid: str, template: str, page: str, data: Mapping[str, str]
    ) -> None:
        """A subscription message. Rejected (``not_subscribed``) when the person did not agree.

        https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-message-management/subscribe-message/api_sendmessage.html
        """
        values = {name: {"value": value} for name, value in data.items()}
        body = {"touser": openid, "template_id": template, "page": page, "data": values}
        await self._post(SUBSCRIBE, body)

    async def media(self, media_id: str) -> tuple[str, bytes]:
        """A file that a caller sent: its type and its bytes."""

        async def fetch(token: str) -> tuple[str, bytes]:
            return await self._wire.media(MEDIA, {"access_token": token, "media_id": media_id})

        return await self._with_token(fetch)

    async def identify(self, code: str) -> Identified:
        """Whom a code of ``wx.login`` belongs to. Rejected: ``code_invalid``, ``code_used``.

        https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_code2session.html
        """
        asked = {
            "appid": self.account.app_id,
            "secret": self.account.secret,
            "js_code": code,
            "grant_type": "authorization_code",
        }
        answer = await self._wire.get(SESSION, asked)
        openid = answer.get("openid")
        if not isinstance(openid, str) or not openid:
            raise Unavailable("WeChat named nobody")
        return Identified(openid)

    async def phone(self, code: str) -> str:
        """The number a person agreed to show, by the code of that agreement.

        https://developers.weixin.qq.com/miniprogram/dev/server/API/user-info/phone-number/api_getphonenumber.html
        """
        answer = await self._post(PHONE, {"code": code})
        number = (answer.get("phone_info") or {}).get("purePhoneNumber")
        if not isinstance(number, str) or not number.isdigit():
            raise Rejected("WeChat knows no number", code="no_number", field="code")
        return number

    async def passes_text(self, openid: str, text: str) -> bool:
        """Whether a text may be shown to others.

        https://developers.weixin.qq.com/miniprogram/dev/server/API/sec-center/sec-check/api_msgseccheck.html
        """
        body = {"version": 2, "scene": SCENE_COMMENT, "openid": openid, "content": text}
        answer = await self._post(CHECK_TEXT, body)
        return (answer.get("result") or {}).get("suggest") != "risky"

    async def check_media(self, openid: str, address: str, media_type: int = IMAGE) -> str:
        """Have a file at an address checked; the trace that its result comes back with.

        https://developers.weixin.qq.com/miniprogram/dev/server/API/sec-center/sec-check/api_mediacheckasync.html
        """
        body = {
            "version": 2,
            "scene": SCENE_COMMENT,
            "openid": openid,
            "media_url": address,
            "media_type": media_type,
        }
        return str((await self._post(CHECK_MEDIA, body)).get("trace_id", ""))

    async def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        async def ask(token: str) -> dict[str, Any]:
            return await self._wire.post(path, {"access_token": token}, body)

        return await self._with_token(ask)

    async def _with_token(self, ask: Callable[[str], Awaitable[Answer]]) -> Answer:
        """Ask with the token; where it is over, once more with another."""
        token = await self._credential.token()
        try:
            return await ask(token)
        except Stale:
            return await ask(await self._credential.replace(token))
