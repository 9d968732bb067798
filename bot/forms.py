"""Forms with a file in them, read piece by piece and never past their limit."""

from aiohttp import BodyPartReader, web

from bot.rules.errors import Rejected

CHUNK_BYTES = 64 * 1024
FIELD_BYTES = 256


async def form(request: web.Request, limit: int, too_big: str) -> tuple[dict[str, str], bytes]:
    """The small fields of a form, and its ``file``. Rejected: ``body_malformed``, ``too_big``."""
    if not request.content_type.startswith("multipart/form-data"):
        raise Rejected("not a form", code="body_malformed", field="body")
    fields: dict[str, str] = {}
    data = b""
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                raise Rejected("nested form", code="body_malformed", field="body")
            if part.name == "file":
                data = await _read(part, limit, too_big)
            else:
                read = await _read(part, FIELD_BYTES, "field_malformed")
                fields[part.name or ""] = read.decode(errors="replace")
    except (ValueError, web.HTTPException, RuntimeError):
        raise Rejected("not a form", code="body_malformed", field="body") from None
    return fields, data


async def _read(part: BodyPartReader, limit: int, too_big: str) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(CHUNK_BYTES):
        data += chunk
        if len(data) > limit:
            raise Rejected("too big", code=too_big, field=part.name)
    return bytes(data)
