"""Calls to WeChat's servers: one deadline, and errors as ours."""

import json
from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.channels.wechat.refusal import refusal
from bot.rules.errors import Unavailable

LOST = (aiohttp.ClientError, TimeoutError, OSError)
MEDIA_BYTES = 10 * 1024 * 1024


class Wire:
    """WeChat at ``base``; ``seconds`` is how long an answer may take.

    No address of a call is ever logged or put into an error: secrets stand in them.
    """

    def __init__(self, http: aiohttp.ClientSession, base: str, seconds: float) -> None:
        self._http = http
        self._base = base.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=seconds)

    async def get(self, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        """The answer to a GET. Unavailable, Rejected."""
        return _answer(path, *await self._ask("GET", path, query, None))

    async def post(
        self, path: str, query: Mapping[str, str], body: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The answer to JSON. It goes as UTF-8: escapes would reach the caller as escapes."""
        data = json.dumps(body, ensure_ascii=False).encode()
        return _answer(path, *await self._ask("POST", path, query, data))

    async def media(self, path: str, query: Mapping[str, str]) -> tuple[str, bytes]:
        """A file and its type; the error in its place where there is one."""
        kind, body = await self._ask("GET", path, query, None)
        if kind in ("application/json", "text/plain"):
            _answer(path, kind, body)
        return kind, body

    async def _ask(
        self, method: str, path: str, query: Mapping[str, str], data: bytes | None
    ) -> tuple[str, bytes]:
        headers = {"Content-Type": "application/json"} if data is not None else {}
        try:
            async with self._http.request(
                method,
                self._base + path,
                params=query,
                data=data,
                headers=headers,
                timeout=self._timeout,
            ) as response:
                body = await _bounded(response, path)
                if response.status != 200:
                    raise Unavailable(f"WeChat {path}: HTTP {response.status}")
                return response.content_type, body
        except LOST as error:
            raise Unavailable(f"WeChat {path}: {type(error).__name__}") from None


async def _bounded(response: aiohttp.ClientResponse, path: str) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > MEDIA_BYTES:
            raise Unavailable(f"WeChat {path}: an answer without end")
    return bytes(body)


def _answer(path: str, _: str, body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
        code = int(answer.get("errcode", 0))
    except (ValueError, TypeError, AttributeError):
        raise Unavailable(f"WeChat {path}: not JSON") from None
    if code:
        raise refusal(code, path)
    found: dict[str, Any] = answer
    return found
