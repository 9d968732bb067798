"""Whether what somebody sends is a picture: it is unpacked before it is believed."""

import asyncio
import io

from PIL import Image

from bot.rules.errors import Rejected

PICTURE_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 50_000_000  # a large telephone's camera
READ = ("JPEG", "PNG", "WEBP")
MIME = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
# what Pillow raises at what it cannot read
WRONG = (OSError, SyntaxError, ValueError, LookupError, EOFError, TypeError, OverflowError)
TOO_MANY = (Image.DecompressionBombError, Image.DecompressionBombWarning)


async def picture_type(data: bytes) -> str:
    """The type of a picture that browsers show: JPEG, PNG or WebP, whole, and not too large.

    Rejected: ``picture_unreadable``, ``picture_too_big`` (in bytes or pixels).
    """
    if len(data) > PICTURE_BYTES:
        raise _too_big()
    return await asyncio.to_thread(_unpacked, data)


def _unpacked(data: bytes) -> str:
    try:
        with Image.open(io.BytesIO(data), formats=READ) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _too_big()
            image.draft("L", (max(1, image.width // 8), max(1, image.height // 8)))  # a JPEG, fast
            image.load()
            return MIME[image.format or ""]
    except TOO_MANY:
        raise _too_big() from None
    except WRONG:
        raise Rejected(
            "no JPEG, PNG or WebP, or a damaged one", code="picture_unreadable", field="file"
        ) from None


def _too_big() -> Rejected:
    return Rejected("picture too big", code="picture_too_big", field="file")
