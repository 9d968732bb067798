"""A picture is one that can be unpacked, whole, and is not too large."""

import struct
import zlib

import pytest

from bot.desk.pictures import MOST_PIXELS, PICTURE_BYTES, picture_type
from bot.rules.errors import Rejected
from tests.pictures import JPEG, PNG, picture

WEBP = picture("WEBP")


def chunk(kind: bytes, body: bytes) -> bytes:
    sealed = kind + body
    return struct.pack(">I", len(body)) + sealed + struct.pack(">I", zlib.crc32(sealed))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it is that large."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (JPEG, "image/jpeg"),
        (PNG, "image/png"),
        (WEBP, "image/webp"),
        (picture("MPO"), "image/jpeg"),
        (picture("JPEG", (3, 2)), "image/jpeg"),
    ],
)
async def test_a_picture_has_its_type(data: bytes, mime: str) -> None:
    assert await picture_type(data) == mime


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg onload=alert(1)>",
        b"MZ\x90\x00" + bytes(100),
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"\xff\xd8\xff\xe0" + bytes(100),
        b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(100),
        b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(100),
        PNG[: len(PNG) // 2],
        JPEG[: len(JPEG) // 2],
        WEBP[: len(WEBP) // 2],
        PNG[:40] + bytes([PNG[40] ^ 255]) + PNG[41:],
        picture("GIF"),
        picture("TIFF"),
    ],
)
async def test_what_is_none_or_damaged_is_refused(data: bytes) -> None:
    with pytest.raises(Rejected) as refused:
        await picture_type(data)
    assert (refused.value.code, refused.value.field) == ("picture_unreadable", "file")


@pytest.mark.parametrize(
    "data",
    [
        PNG + bytes(20 * 1024 * 1024),
        PNG + bytes(PICTURE_BYTES),
        bomb(MOST_PIXELS // 1000 + 1, 1000),
        bomb(100_000, 1000),
        bomb(60_000, 60_000),
    ],
    ids=["20 MB", "5 MB", "50 megapixels", "100 megapixels", "3.6 gigapixels"],
)
async def test_what_is_too_large_is_refused(data: bytes) -> None:
    with pytest.raises(Rejected) as refused:
        await picture_type(data)
    assert refused.value.code == "picture_too_big"
