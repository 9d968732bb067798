"""Passwords of agents, as argon2 hashes. Blocking work runs beside the event loop."""

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.rules.errors import Rejected

SHORTEST, LONGEST = 10, 200

_hasher = PasswordHasher()
_nobody = _hasher.hash(secrets.token_hex(16))


def made() -> str:
    """A new random password to be told once: 20 characters, 119 bits."""
    return secrets.token_urlsafe(15)


async def hashed(password: str) -> str:
    """The hash to keep. Rejected: ``password_weak``."""
    if not SHORTEST <= len(password) <= LONGEST or len(set(password)) < 5:
        raise Rejected(
            f"a password has {SHORTEST} to {LONGEST} characters, five of them different",
            code="password_weak",
            field="password",
        )
    return await asyncio.to_thread(_hasher.hash, password)


async def matches(kept: str | None, password: str) -> bool:
    """Whether it is the password; takes as long when there is nobody to compare with."""
    return await asyncio.to_thread(_verify, kept or _nobody, password[:LONGEST]) and bool(kept)


def _verify(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False
