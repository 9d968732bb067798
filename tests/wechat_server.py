"""A stand-in for WeChat's servers, written from the platform's documentation.

It issues login codes and access tokens, pushes messages to our callback as the platform does
(signed, encrypted, retried three times after five seconds), takes what we send, and keeps the
platform's rules: a token that ends, five messages in 48 hours after a message and two in a minute
after entering, subscriptions used up one by one. Errors are the platform's own numbers.

- https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getstableaccesstoken.html
- https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/customer-message/receive.html
- https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/customer-message/send.html
- https://developers.weixin.qq.com/miniprogram/dev/server/API/kf-mgnt/kf-message/api_sendcustommessage.html
- https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_code2session.html
- https://developers.weixin.qq.com/doc/oplatform/developers/dev/push/encryption.html

It shares no code with what it tests except the AES, which is checked against the documentation's
own example in ``test_envelope.py``.
"""

import asyncio
import hashlib
import json
import secrets
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

import aiohttp
from aiohttp import web

from bot.channels.wechat import envelope

APP_ID = "wx5a1c3d9e7b2f4860"
SECRET = "0123456789abcdef0123456789abcdef"
TOKEN = "pushtoken"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"

GOOD, BUSY = 0, -1
STALE, ENDED, WRONG_SECRET, WRONG_ACCOUNT = 40001, 42001, 40125, 40013
CODE_INVALID, CODE_USED = 40029, 40163
OUT_OF_TIME, OUT_OF_COUNT, TOO_LONG, REFUSED = 45015, 45047, 45002, 43101

PAGES_OPENID = "oPageS_123456789012345678901"  # whose phone the pages are on
RETRIES = 3
ACKNOWLEDGE_SECONDS = 5.0
TOKEN_SECONDS = 7200
HANDOVER_SECONDS = 300  # old and new token are both good for so long
ALLOWED = {"message": (5, 48 * 3600.0), "enter": (2, 60.0)}
TEXT_BYTES = 2048


@dataclass
class Sent:
    """A message that reached a person."""

    openid: str
    text: str
    at: float


@dataclass
class Allowed:
    """What may still be sent to one person."""

    left: int = 0
    until: float = 0.0


@dataclass
class WeChat:
    """The platform. ``clock`` is seconds since 1970; ``fail`` gives the next answers of a path."""

    clock: Any = time.time
    token_seconds: int = TOKEN_SECONDS
    sent: list[Sent] = field(default_factory=list)
    subscribed: list[dict[str, Any]] = field(default_factory=list)
    tokens: dict[str, float] = field(default_factory=dict)
    issued: int = 0
    forced: int = 0
    allowed: dict[str, Allowed] = field(default_factory=lambda: defaultdict(Allowed))
    accepted: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    codes: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    phones: dict[str, str] = field(default_factory=dict)
    media: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    risky: set[str] = field(default_factory=set)
    checked: list[dict[str, Any]] = field(default_factory=list)
    fail: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    calls: list[str] = field(default_factory=list)
    send_seconds: float = 0.0
    _numbers: int = 6_000_000_000

    # what a caller does

    def code_for(self, openid: str) -> str:
        """A login code, good once."""
        code = secrets.token_hex(16)
        self.codes[code] = openid
        return code

    def phone_code_for(self, number: str) -> str:
        """The code of an agreement to show a number."""
        code = secrets.token_hex(16)
        self.phones[code] = number
        return code

    def number(self) -> int:
        """The next MsgId."""
        self._numbers += 1
        return self._numbers

    def acts(self, openid: str, action: str) -> None:
        """A caller's action lifts what may be sent."""
        count, lasts = ALLOWED[action]
        allowed, at = self.allowed[openid], self.clock()
        left = allowed.left if at < allowed.until else 0
        allowed.left, allowed.until = max(left, count), max(allowed.until, at + lasts)

    def texts(self, openid: str) -> list[str]:
        """What a person has got."""
        return [sent.text for sent in self.sent if sent.openid == openid]

    # what our server asks

    def application(self) -> web.Application:
        """The platform's API."""
        app = web.Application(client_max_size=1024 * 1024)
        app.router.add_post("/cgi-bin/stable_token", self._stable_token)
        app.router.add_post("/cgi-bin/message/custom/send", self._send)
        app.router.add_post("/cgi-bin/message/subscribe/send", self._subscribe)
        app.router.add_get("/cgi-bin/media/get", self._media)
        app.router.add_get("/sns/jscode2session", self._session)
        app.router.add_post("/wxa/business/getuserphonenumber", self._phone)
        app.router.add_post("/wxa/msg_sec_check", self._check_text)
        app.router.add_post("/wxa/media_check_async", self._check_media)
        app.router.add_get("/test/code", self._code)
        return app

    async def _stable_token(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.calls.append(request.path)
        if self.fail[request.path]:
            return _error(self.fail[request.path].pop(0))
        if asked.get("appid") != APP_ID:
            return _error(WRONG_ACCOUNT)
        if asked.get("secret") != SECRET:
            return _error(WRONG_SECRET)
        at = self.clock()
        newest = next(reversed(self.tokens), None)
        force = asked.get("force_refresh", False)
        if newest is None or force or self.tokens[newest] - at < HANDOVER_SECONDS:
            if force:
                self.forced += 1
                self.tokens.clear()
            newest = f"{len(self.calls)}_{secrets.token_hex(40)}"
            self.tokens[newest] = at + self.token_seconds
            self.issued += 1
        left = int(self.tokens[newest] - at)
        return web.json_response({"access_token": newest, "expires_in": left})

    def end_tokens(self) -> None:
        """Every token is over before its time."""
        self.tokens.clear()

    def _refused(self, request: web.Request) -> web.Response | None:
        self.calls.append(request.path)
        if self.fail[request.path]:
            return _error(self.fail[request.path].pop(0))
        ends = self.tokens.get(request.query.get("access_token", ""))
        if ends is None:
            return _error(STALE)
        return _error(ENDED) if ends <= self.clock() else None

    async def _send(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if self.send_seconds:
            await asyncio.sleep(self.send_seconds)
        if refused := self._refused(request):
            return refused
        openid, text, at = asked["touser"], asked["text"]["content"], self.clock()
        allowed = self.allowed[openid]
        if at >= allowed.until:
            return _error(OUT_OF_TIME)
        if allowed.left <= 0:
            return _error(OUT_OF_COUNT)
        if len(text.encode()) > TEXT_BYTES:
            return _error(TOO_LONG)
        allowed.left -= 1
        self.sent.append(Sent(openid, text, at))
        return _error(GOOD)

    async def _subscribe(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if refused := self._refused(request):
            return refused
        if self.accepted[asked["touser"]] <= 0:
            return _error(REFUSED)
        self.accepted[asked["touser"]] -= 1
        self.subscribed.append(asked)
        return _error(GOOD)

    async def _media(self, request: web.Request) -> web.Response:
        if refused := self._refused(request):
            return refused
        found = self.media.get(request.query["media_id"])
        if found is None:
            return _error(40007)
        return web.Response(body=found[1], content_type=found[0])

    async def _session(self, request: web.Request) -> web.Response:
        query = request.query
        self.calls.append(request.path)
        if self.fail[request.path]:
            return _error(self.fail[request.path].pop(0))
        if query["appid"] != APP_ID or query["secret"] != SECRET:
            return _error(WRONG_SECRET)
        if query["js_code"] in self.used:
            return _error(CODE_USED)
        if query["js_code"] not in self.codes:
            return _error(CODE_INVALID)
        self.used.add(query["js_code"])
        key = secrets.token_hex(8)
        return web.json_response({"openid": self.codes[query["js_code"]], "session_key": key})

    async def _code(self, request: web.Request) -> web.Response:
        """What ``wx.login`` gives a page; of the tests' own."""
        return web.json_response({"code": self.code_for(PAGES_OPENID)})

    async def _phone(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if refused := self._refused(request):
            return refused
        number = self.phones.pop(asked["code"], None)
        if number is None:
            return _error(CODE_INVALID)
        info = {"phoneNumber": number, "purePhoneNumber": number, "countryCode": "86"}
        return web.json_response({"errcode": 0, "phone_info": info})

    async def _check_text(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if refused := self._refused(request):
            return refused
        suggest = "risky" if asked["content"] in self.risky else "pass"
        result = {"suggest": suggest, "label": 100}
        return web.json_response({"errcode": 0, "result": result, "trace_id": "t"})

    async def _check_media(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if refused := self._refused(request):
            return refused
        trace = secrets.token_hex(8)
        self.checked.append(asked | {"trace_id": trace})
        return web.json_response({"errcode": 0, "trace_id": trace})


def _error(code: int) -> web.Response:
    return web.json_response({"errcode": code, "errmsg": "ok" if code == 0 else "error"})


@dataclass
class Pusher:
    """Pushes to a callback as the platform does. ``address`` is the callback's."""

    platform: WeChat
    address: str
    http: aiohttp.ClientSession
    aes: bool = True
    as_json: bool = False

    async def say(self, openid: str, text: str, **more: Any) -> list[int]:
        """A text message; the statuses of the attempts."""
        return await self.message(openid, {"MsgType": "text", "Content": text}, **more)

    async def message(
        self, openid: str, fields: Mapping[str, Any], *, number: int | None = None, **more: Any
    ) -> list[int]:
        """A message of any kind."""
        self.platform.acts(openid, "message")
        found = {"MsgId": number or self.platform.number(), **fields}
        return await self.push(self.around(openid, found), **more)

    async def enter(self, openid: str, **more: Any) -> list[int]:
        """The caller opens the customer-service conversation."""
        self.platform.acts(openid, "enter")
        found = {"MsgType": "event", "Event": "user_enter_tempsession", "SessionFrom": "chat"}
        return await self.push(self.around(openid, found), **more)

    def around(self, openid: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields every push has."""
        created = int(self.platform.clock())
        return {
            "ToUserName": "gh_12345",
            "FromUserName": openid,
            "CreateTime": created,
        } | dict(fields)

    async def push(self, fields: Mapping[str, Any], *, retries: int = RETRIES) -> list[int]:
        """Push until it is acknowledged, four times at most."""
        statuses = []
        for _ in range(1 + retries):
            statuses.append(await self.attempt(*self.request(fields)))
            if statuses[-1] == 200:
                break
        return statuses

    async def attempt(self, query: Mapping[str, str], body: bytes) -> int:
        """One request; its status, 0 when there was no answer in five seconds, 599 when what
        came is not what the platform takes for an acknowledgement."""
        timeout = aiohttp.ClientTimeout(total=ACKNOWLEDGE_SECONDS)
        try:
            async with self.http.post(
                self.address, params=query, data=body, timeout=timeout
            ) as response:
                text = await response.text()
                return (
                    599
                    if response.status == 200 and text not in ("", "success")
                    else (response.status)
                )
        except (aiohttp.ClientError, TimeoutError):
            return 0

    def request(self, fields: Mapping[str, Any]) -> tuple[dict[str, str], bytes]:
        """The query and the body of a push."""
        timestamp, nonce = str(int(self.platform.clock())), str(secrets.randbelow(10**10))
        query = {
            "signature": signed(TOKEN, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": str(fields.get("FromUserName", "")),
        }
        body = written(fields, self.as_json)
        if self.aes:
            sealed = envelope.encrypted(body, AES_KEY, APP_ID)
            query |= {
                "encrypt_type": "aes",
                "msg_signature": signed(TOKEN, timestamp, nonce, sealed),
            }
            body = written({"ToUserName": "gh_12345", "Encrypt": sealed}, self.as_json)
        return query, body


def signed(*parts: str) -> str:
    """The platform's signature."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def written(fields: Mapping[str, Any], as_json: bool) -> bytes:
    """The fields as the platform writes them."""
    if as_json:
        return json.dumps(fields, ensure_ascii=False).encode()
    inner = "".join(f"<{name}>{escape(str(v))}</{name}>" for name, v in fields.items())
    return f"<xml>{inner}</xml>".encode()


@asynccontextmanager
async def served(platform: WeChat) -> AsyncIterator[str]:
    """The platform's API on a port of its own; its address."""
    runner = web.AppRunner(platform.application(), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
