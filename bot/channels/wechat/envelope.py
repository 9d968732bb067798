"""What WeChat puts around a pushed message: signatures and AES, as it documents them.

https://developers.weixin.qq.com/doc/oplatform/developers/dev/push/encryption.html
https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html

A signature is SHA-1 over the sorted token, timestamp, nonce (and ciphertext), joined. The
ciphertext is AES-256-CBC over 16 random bytes, the length (4 bytes, big-endian), the message and
the app id, padded to 32 bytes (PKCS#7); the key's first 16 bytes are the IV.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from datetime import datetime

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

from bot.rules.errors import Rejected

TOLERANCE_SECONDS = 300
BLOCK = 32
HEAD = 20  # random bytes and length
NONCE_CHARACTERS = 64


def signature(*parts: str) -> str:
    """WeChat's signature over the parts."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def check_signature(given: str, *parts: str) -> None:
    """Rejected (``forged``) unless ``given`` is the parts' signature; in constant time."""
    if not hmac.compare_digest(signature(*parts).encode(), given.encode()):
        raise Rejected("wrong signature", code="forged", field="signature")


def check_time(timestamp: str, nonce: str, now: datetime) -> None:
    """Rejected when the request is not of the last (or next) five minutes, or has no nonce."""
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        raise Rejected("not a time", code="forged", field="timestamp")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE_SECONDS:
        raise Rejected("too old or too new", code="replayed", field="timestamp")
    if not 0 < len(nonce) <= NONCE_CHARACTERS:
        raise Rejected("no nonce", code="forged", field="nonce")


def decrypted(ciphertext: str, aes_key: str, app_id: str) -> bytes:
    """The message in a ciphertext. Rejected (``forged``) when it is not for us."""
    try:
        sealed = base64.b64decode(ciphertext, validate=True)
    except (binascii.Error, ValueError):
        raise Rejected("not base64", code="forged", field="Encrypt") from None
    if not sealed or len(sealed) % BLOCK:
        raise Rejected("not whole blocks", code="forged", field="Encrypt")
    decryptor = _cipher(aes_key).decryptor()
    padded = decryptor.update(sealed) + decryptor.finalize()
    padding = padded[-1]
    if not 1 <= padding <= BLOCK or padded[-padding:] != bytes([padding]) * padding:
        raise Rejected("wrong padding", code="forged", field="Encrypt")
    plain = padded[:-padding]
    end = HEAD + int.from_bytes(plain[16:HEAD], "big")
    if not hmac.compare_digest(plain[end:], app_id.encode()):
        raise Rejected("for another account", code="forged", field="Encrypt")
    return plain[HEAD:end]


def encrypted(message: bytes, aes_key: str, app_id: str) -> str:
    """The ciphertext of a message."""
    length = len(message).to_bytes(4, "big")
    plain = secrets.token_bytes(16) + length + message + app_id.encode()
    padding = BLOCK - len(plain) % BLOCK
    encryptor = _cipher(aes_key).encryptor()
    sealed = encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()
    return base64.b64encode(sealed).decode()


def _cipher(aes_key: str) -> Cipher[CBC]:
    key = base64.b64decode(aes_key + "=")
    return Cipher(AES256(key), CBC(key[:16]))
