"""WeChat's error codes, as what each means for us.

https://developers.weixin.qq.com/miniprogram/dev/server/API/kf-mgnt/kf-message/api_sendcustommessage.html
https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html
"""

from collections.abc import Mapping
from types import MappingProxyType

from bot.rules.errors import HotlineError, Rejected, Unavailable

STALE = frozenset({40001, 40014, 42001})  # the access token is not, or no longer, valid
BUSY = frozenset({-1, 45009, 45011, 50002, 61024})  # later it may work
MEANINGS: Mapping[int, str] = MappingProxyType(
    {
        45015: "window_closed",  # no word from the caller for 48 hours
        45047: "count_exhausted",  # five messages since the caller's last word
        48001: "unauthorized",  # the account may not use this interface
        40003: "unknown_person",
        43004: "unknown_person",  # unsubscribed
        45002: "too_long",
        43101: "not_subscribed",
        40037: "unknown_template",
        47003: "template_mismatch",
        40029: "code_invalid",
        40163: "code_used",
        40226: "risky_person",
        87014: "risky_content",
        40013: "unknown_account",
        40125: "wrong_secret",
    }
)


class Stale(Rejected):
    """The access token is over: another one, and once more."""


def refusal(code: int, what: str) -> HotlineError:
    """The error for a code. Unavailable where later may help; otherwise Rejected, by its word."""
    if code in BUSY:
        return Unavailable(f"WeChat {what}: error {code}")
    if code in STALE:
        return Stale(f"WeChat {what}: error {code}", code="token_stale")
    return Rejected(f"WeChat {what}: error {code}", code=MEANINGS.get(code, f"wechat_{code}"))
