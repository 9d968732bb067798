"""Signatures and AES, on the documentation's own figures and as properties."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wechat.envelope import check_signature, decrypted, encrypted, signature
from bot.rules.errors import Rejected
from tests.wechat_server import AES_KEY, APP_ID


def test_the_documentations_own_signatures() -> None:
    # https://developers.weixin.qq.com/minigame/dev/guide/base-ability/message-push.html
    assert signature("AAAAA", "1714036504", "1514711492") == (
        "f464b24fc39322e44b38aa78f5edd27bd1441696"
    )
    # https://developers.weixin.qq.com/doc/oplatform/developers/dev/push/encryption.html
    assert signature("AAAAA", "1714037059", "486452656") == (
        "899cf89e464efb63f54ddac96b0a0a235f53aa78"
    )


def test_the_documentations_own_ciphertext() -> None:
    # https://developers.weixin.qq.com/doc/oplatform/developers/dev/push/encryption.html
    sealed = (
        "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJG"
        "QqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrf"
        "MZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgR"
        "tWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
    )
    check_signature(
        "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3", "AAAAA", "1714112445", "415670741", sealed
    )
    opened = json.loads(decrypted(sealed, "A" * 43, "wxba5fad812f8e6fb9"))
    assert (opened["Event"], opened["debug_str"]) == ("debug_demo", "hello world")


@given(st.binary(max_size=300))
def test_what_is_sealed_opens_for_the_same_account_only(message: bytes) -> None:
    sealed = encrypted(message, AES_KEY, APP_ID)
    assert decrypted(sealed, AES_KEY, APP_ID) == message
    with pytest.raises(Rejected):
        decrypted(sealed, AES_KEY, APP_ID[::-1])
    with pytest.raises(Rejected):
        decrypted(sealed, AES_KEY[::-1], APP_ID)


@given(st.text(max_size=80))
def test_nothing_else_opens(text: str) -> None:
    with pytest.raises(Rejected):
        decrypted(text, AES_KEY, APP_ID)


@given(st.text(max_size=60))
def test_no_other_signature_passes(text: str) -> None:
    with pytest.raises(Rejected):
        check_signature(text, "token", "1", "2")
