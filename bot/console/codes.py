"""Codes of the second factor (TOTP, RFC 6238).

A code is good once, and for half a minute before and after its own.
"""

from datetime import datetime

import pyotp

from bot.live import Live
from bot.rules.errors import Rejected

TRIES = (10, 300)  # codes a login may try, in how many seconds
REMEMBERED_SECONDS = 120


async def accepted(live: Live, login: str, secret: str, code: str, at: datetime) -> bool:
    """Whether the code is the secret's now, and was not used before."""
    code = code.replace(" ", "")
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        return False
    if not await live.allow(f"desk.code:{login}", *TRIES):
        raise Rejected("too many codes", code="too_many", field="code")
    if not pyotp.TOTP(secret).verify(code, for_time=at, valid_window=1):
        return False
    key = f"desk.code-used:{login}:{code}"
    return await live.set(key, "1", seconds=REMEMBERED_SECONDS, fresh=True)
