"""``/wechat/{account}``: where WeChat proves the address is ours, and pushes what callers send.

A push is checked, written into the records, and acknowledged; it is answered afterwards, through
the send API. WeChat waits five seconds, then tries three more times:
https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/customer-message/receive.html

What is refused gets a status and no word about why. A request that was seen before is
acknowledged again when it is the same push (that is WeChat trying again) and refused when its
signature comes with another one.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from aiohttp import web

from bot import metrics
from bot.channels.wechat import envelope, message
from bot.channels.wechat.account import Account
from bot.channels.wechat.people import person_of
from bot.clock import Clock
from bot.desk.together import Together
from bot.live import Live
from bot.log import logger
from bot.rules.errors import HotlineError, Rejected
from bot.store import NewPush, Store

log = logger(__name__)

BODY_BYTES = 64 * 1024
ACKNOWLEDGE_SECONDS = 4.0
ECHO_CHARACTERS = 128
SUCCESS = "success"


@dataclass(frozen=True)
class Checked:
    """A push that is WeChat's, on its way into the records."""

    account: str
    proof: str
    received: message.Received


class Callback:
    """The callback of every account. ``key`` makes our own names of people."""

    def __init__(
        self, accounts: Mapping[str, Account], store: Store, live: Live, key: bytes, clock: Clock
    ) -> None:
        self._accounts = accounts
        self._store = store
        self._live = live
        self._key = key
        self._clock = clock
        self._writing: Together[Checked, bool] = Together(self._write)

    async def prove(self, request: web.Request) -> web.Response:
        """The address is ours: the platform's random words come back."""
        try:
            account = self._account(request)
            proof = self._check_address(account, request)
            echo = request.query.get("echostr", "")
            if not 0 < len(echo) <= ECHO_CHARACTERS or not echo.isascii() or not echo.isalnum():
                raise Rejected("no echo", code="malformed", field="echostr")
            if not await self._live.allow(
                f"wechat.proof:{proof}", 1, 2 * envelope.TOLERANCE_SECONDS
            ):
                raise Rejected("seen before", code="replayed", field="nonce")
        except Rejected as refused:
            return _refused(refused)
        return web.Response(text=echo)

    async def push(self, request: web.Request) -> web.Response:
        """A push, acknowledged once it is in the records."""
        try:
            async with asyncio.timeout(ACKNOWLEDGE_SECONDS):
                checked = await self._check(request)
                if checked is not None and not await self._writing.add(checked):
                    await self._again(checked)
        except Rejected as refused:
            return _refused(refused)
        except (HotlineError, TimeoutError) as error:
            log.error("wechat.not_acknowledged", error=type(error).__name__)
            return web.Response(status=503)  # WeChat tries again
        return web.Response(text=SUCCESS)

    async def _check(self, request: web.Request) -> Checked | None:
        account = self._account(request)
        proof = self._check_address(account, request)
        found = message.fields(await _body(request))
        if account.aes_key:
            found = self._opened(account, request.query, found)
        received = message.read(account.name, found)
        if received is None:
            log.info("wechat.ignored", kind=str(found.get("Event") or found.get("MsgType"))[:32])
            return None
        return Checked(account.name, proof, received)

    def _account(self, request: web.Request) -> Account:
        account = self._accounts.get(request.match_info["account"])
        if account is None or not account.token:
            raise Rejected("no such account", code="unknown", field="account")
        return account

    def _check_address(self, account: Account, request: web.Request) -> str:
        """The digest of what the address proves."""
        query = request.query
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        envelope.check_time(timestamp, nonce, self._clock())
        envelope.check_signature(query.get("signature", ""), account.token, timestamp, nonce)
        return sha256(f"{account.app_id}\n{timestamp}\n{nonce}".encode()).hexdigest()

    def _opened(
        self, account: Account, query: Mapping[str, str], found: Mapping[str, object]
    ) -> dict[str, object]:
        """The fields inside the ciphertext. An account with a key takes nothing else."""
        sealed = found.get("Encrypt")
        if query.get("encrypt_type") != "aes" or not isinstance(sealed, str):
            raise Rejected("not encrypted", code="forged", field="Encrypt")
        envelope.check_signature(
            query.get("msg_signature", ""),
            account.token,
            query["timestamp"],
            query["nonce"],
            sealed,
        )
        return message.fields(envelope.decrypted(sealed, account.aes_key, account.app_id))

    async def _write(self, batch: Sequence[Checked]) -> Sequence[bool]:
        """Whether each push is new."""
        at = self._clock()
        persons = [
            person_of(self._key, self._accounts[one.account], one.received.openid) for one in batch
        ]
        pushes = [
            NewPush(r.key, one.proof, person, r.kind, dict(r.facts), at)
            for one, person in zip(batch, persons, strict=True)
            for r in [one.received]
        ]
        async with self._store.begin() as records:
            new = await records.inbox.add(pushes)
            met = {
                person: (one.account, one.received.openid)
                for one, person in zip(batch, persons, strict=True)
                if one.received.key in new
            }
            if met:
                await records.people.meet([(name, *known) for name, known in met.items()], at)
                actions = [
                    (person, one.received.action)
                    for one, person in zip(batch, persons, strict=True)
                    if one.received.key in new
                ]
                await records.lines.touched(actions, at)
        news = []
        for one in batch:  # of two of one key in a batch the first is the new one
            news.append(one.received.key in new)
            new.discard(one.received.key)
        return news

    async def _again(self, checked: Checked) -> None:
        """WeChat's own retry is acknowledged; its signature around another push is refused."""
        async with self._store.read() as records:
            if not await records.inbox.has(checked.received.key):
                raise Rejected("used before", code="replayed", field="nonce")
        metrics.refusals.labels("wechat_duplicate").inc()


async def _body(request: web.Request) -> bytes:
    """The body, as it came: WeChat compresses nothing, so nothing is unpacked."""
    if request.headers.get("Content-Encoding"):
        raise Rejected("compressed", code="malformed", field="Content-Encoding")
    body = bytearray()
    async for chunk in request.content.iter_chunked(BODY_BYTES):
        body += chunk
        if len(body) > BODY_BYTES:
            raise Rejected("too big", code="malformed", field="body")
    return bytes(body)


def _refused(refused: Rejected) -> web.Response:
    metrics.refusals.labels(f"wechat_{refused.code}").inc()
    log.warning("wechat.refused", code=refused.code, field=refused.field)
    return web.Response(status=404 if refused.code == "unknown" else 403)
