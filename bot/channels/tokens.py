"""Session tokens of the web chat: who holds one may go on with that session, and nobody else.

``<session id>.<expiry, seconds since 1970>.<HMAC-SHA256>``; the server keeps nothing.
"""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from bot.clock import SHANGHAI
from bot.rules.errors import Rejected
from bot.rules.session import Channel

LIFETIME = timedelta(days=7)
SHAPE = re.compile(r"((?:web|wechat)-[0-9a-f]{32})\.(\d{1,12})\.([0-9a-f]{64})")


@dataclass(frozen=True)
class Token:
    """A token that was signed here and has not expired."""

    session_id: str
    expires_at: datetime
    text: str

    @property
    def channel(self) -> Channel:
        """Where the session came from."""
        return Channel.WECHAT if self.session_id.startswith("wechat-") else Channel.WEB


class Tokens:
    """Issues and checks tokens under one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def begin(self, at: datetime) -> Token:
        """A token for a new session with a random id."""
        return self.issue(f"web-{secrets.token_hex(16)}", at)

    def issue(self, session_id: str, at: datetime) -> Token:
        """A token for a session that somebody has proved to be theirs."""
        return self._issue(session_id, at + LIFETIME)

    def check(self, text: str, at: datetime) -> Token:
        """The token in ``text``.

        Rejected: ``session_forged`` (not signed here), ``session_expired``.
        """
        shape = SHAPE.fullmatch(text)
        if shape is None:
            raise Rejected("not a session token", code="session_forged", field="session")
        session_id, expiry, signature = shape.groups()
        if not hmac.compare_digest(signature, self._sign(session_id, expiry)):
            raise Rejected("session token not signed here", code="session_forged", field="session")
        expires_at = datetime.fromtimestamp(int(expiry), SHANGHAI)
        if expires_at <= at:
            raise Rejected("session token expired", code="session_expired", field="session")
        return Token(session_id, expires_at, text)

    def _issue(self, session_id: str, expires_at: datetime) -> Token:
        expiry = str(int(expires_at.timestamp()))
        signature = self._sign(session_id, expiry)
        return Token(
            session_id,
            datetime.fromtimestamp(int(expiry), SHANGHAI),
            f"{session_id}.{expiry}.{signature}",
        )

    def _sign(self, session_id: str, expiry: str) -> str:
        return hmac.new(self._key, f"chat:{session_id}.{expiry}".encode(), sha256).hexdigest()
