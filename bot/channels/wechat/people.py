"""Our own names: of a person, and of the sessions of a person. No openid is in either."""

import hmac
from hashlib import sha256
from secrets import token_hex

from bot.channels.wechat.account import Account

PERSON_CHARACTERS = 20
NUMBER_BYTES = 6
PREFIX = "wechat-"


def person_of(key: bytes, account: Account, openid: str) -> str:
    """The name of a person: what sessions, URLs and logs carry instead of the openid."""
    said = f"wechat:{account.app_id}:{openid}".encode()
    return hmac.new(key, said, sha256).hexdigest()[:PERSON_CHARACTERS]


def new_session(person: str) -> str:
    """The id of a new session of a person."""
    return f"{PREFIX}{person}{token_hex(NUMBER_BYTES)}"


def person_in(session_id: str) -> str | None:
    """Whose session it is; None when it is not one of WeChat's."""
    name = session_id.removeprefix(PREFIX)
    whole = len(name) == PERSON_CHARACTERS + 2 * NUMBER_BYTES
    return name[:PERSON_CHARACTERS] if name != session_id and whole else None


def sessions_of(person: str) -> tuple[str, str]:
    """The first and the last id that a session of a person can have."""
    return f"{PREFIX}{person}{'0' * 2 * NUMBER_BYTES}", f"{PREFIX}{person}{'f' * 2 * NUMBER_BYTES}"
