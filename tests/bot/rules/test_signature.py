from datetime import timedelta

import pytest

from bot.rules.errors import Rejected
from bot.rules.signature import sign, verify
from tests.bot.conftest import MONDAY

SENT = int(MONDAY.timestamp())
BODY = b'{"id": "n1"}'


def test_what_was_signed_just_now_holds() -> None:
    verify("s", str(SENT), sign("s", SENT, BODY), BODY, MONDAY + timedelta(seconds=300))


@pytest.mark.parametrize(
    ("secret", "timestamp", "signature", "body", "code"),
    [
        ("", str(SENT), sign("", SENT, BODY), BODY, "no_secret"),
        ("s", "now", sign("s", SENT, BODY), BODY, "forged"),
        ("s", "", "", BODY, "forged"),
        ("s", str(SENT - 301), sign("s", SENT - 301, BODY), BODY, "replayed"),
        ("s", str(SENT), sign("t", SENT, BODY), BODY, "forged"),
        ("s", str(SENT), sign("s", SENT, BODY), BODY + b" ", "forged"),
        ("s", str(SENT + 1), sign("s", SENT, BODY), BODY, "forged"),
        ("s", str(SENT), "签名", BODY, "forged"),
    ],
)
def test_what_was_not_is_refused(
    secret: str, timestamp: str, signature: str, body: bytes, code: str
) -> None:
    with pytest.raises(Rejected) as refused:
        verify(secret, timestamp, signature, body, MONDAY)
    assert refused.value.code == code
