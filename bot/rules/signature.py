"""How letters to and from the dispatch system are signed. Pure.

HMAC-SHA256 over ``timestamp.body`` with the shared secret, hex; the time is in whole seconds of
the Unix epoch and may be off by five minutes, so that an old letter can't be replayed later.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from bot.rules.errors import Rejected

TIMESTAMP_HEADER = "X-Hotline-Timestamp"
SIGNATURE_HEADER = "X-Hotline-Signature"
KEY_HEADER = "Idempotency-Key"
TOLERANCE_SECONDS = 300


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """The signature of a body sent at ``timestamp``."""
    message = str(timestamp).encode() + b"." + body
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def verify(secret: str, timestamp: str, signature: str, body: bytes, now: datetime) -> None:
    """Rejected, naming the header, when a signed body is not what its sender signed just now."""
    if not secret:
        raise Rejected("no secret is shared, so nothing can be trusted", code="no_secret")
    try:
        sent_at = int(timestamp)
    except ValueError:
        raise Rejected("not a time", code="forged", field=TIMESTAMP_HEADER) from None
    if abs(now.timestamp() - sent_at) > TOLERANCE_SECONDS:
        raise Rejected("too old or too new", code="replayed", field=TIMESTAMP_HEADER)
    expected = sign(secret, sent_at, body)
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise Rejected("wrong signature", code="forged", field=SIGNATURE_HEADER)
