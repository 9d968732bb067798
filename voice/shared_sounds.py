"""Spoken sentences that all voice processes share: what one has had made, no other asks for."""

import asyncio
import base64
import binascii
from typing import Protocol

KEPT_SECONDS = 30 * 24 * 3600
WAIT_SECONDS = 0.1  # a caller waits for the answer


class Store(Protocol):
    """`bot.live.Live`: neither raises when it is away."""

    async def get(self, key: str) -> str | None:
        """What is remembered."""

    async def set(self, key: str, value: str, *, seconds: int) -> bool:
        """Remember it for so long."""


class SharedSounds:
    """mp3 by the keys of `voice.sound_cache`. Without a store it knows nothing."""

    def __init__(self, store: Store | None = None) -> None:
        self._store = store

    async def get(self, key: str) -> bytes | None:
        """What another process has had made, or None: nobody has, or the store is slow or away."""
        if self._store is None:
            return None
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                kept = await self._store.get(_name(key))
            return base64.b64decode(kept, validate=True) if kept else None
        except (TimeoutError, binascii.Error, ValueError):
            return None

    async def put(self, key: str, mp3: bytes) -> None:
        """Let the others have it."""
        if self._store is not None:
            await self._store.set(_name(key), base64.b64encode(mp3).decode(), seconds=KEPT_SECONDS)


def _name(key: str) -> str:
    return f"speech:{key}"
