"""Session tokens: what was signed here goes on, nothing else does."""

from datetime import timedelta

import pytest

from bot.channels.tokens import LIFETIME, Tokens
from bot.clock import now
from bot.rules.errors import Rejected

TOKENS = Tokens(b"key")


def test_a_token_is_known_again():
    at = now()
    token = TOKENS.begin(at)
    assert TOKENS.check(token.text, at + timedelta(hours=1)) == token
    assert TOKENS.begin(at).session_id != token.session_id


@pytest.mark.parametrize(
    "forge",
    [
        lambda text: "",
        lambda text: "web-" + "0" * 32,
        lambda text: text[:-1] + ("0" if text[-1] != "0" else "1"),
        lambda text: text.replace("web-", "web-0", 1)[: len(text)],
        lambda text: text + " ",
        lambda text: text.replace(text.split(".")[1], "99999999999"),
        lambda text: "x" * 10_000,
    ],
)
def test_a_forged_token_is_refused(forge):
    at = now()
    with pytest.raises(Rejected) as refused:
        TOKENS.check(forge(TOKENS.begin(at).text), at)
    assert refused.value.code == "session_forged"


def test_a_token_of_another_key_is_refused():
    with pytest.raises(Rejected, match="not signed here"):
        TOKENS.check(Tokens(b"other").begin(now()).text, now())


def test_a_token_ends():
    at = now()
    with pytest.raises(Rejected) as refused:
        TOKENS.check(TOKENS.begin(at).text, at + LIFETIME)
    assert refused.value.code == "session_expired"
