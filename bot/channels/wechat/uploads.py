"""``/api/wechat/``: recordings to be heard, pictures to be kept. ``wx.uploadFile`` sends forms."""

import hmac
from hashlib import sha256

from aiohttp import web

from bot import metrics
from bot.channels import frames
from bot.channels.wechat.continued import home_of_picture
from bot.channels.wechat.door import Door
from bot.channels.wechat.entrance import DOOR
from bot.desk.pictures import PICTURE_BYTES
from bot.forms import form
from bot.log import logger
from bot.rules.errors import HotlineError, Rejected
from bot.rules.hearing import TEXT_MAX_CHARACTERS, clean
from bot.store import Attachment, Person

log = logger(__name__)

RECORDINGS = ("wechat.recordings", 15, 60)
PICTURES = ("wechat.pictures", 20, 600)
MIMES = {"mp3": "audio/mpeg", "aac": "audio/aac", "wav": "audio/wav"}


async def recording(request: web.Request) -> web.Response:
    """``POST recordings`` (form: format, file): what it says. Rejected as on the web page."""
    door = request.app[DOOR]
    session_id, _ = await door.who(request)
    await _limit(door, RECORDINGS, session_id)
    fields, data = await form(request, frames.AUDIO_BYTES_LIMIT, "audio_too_long")
    mime = MIMES.get(fields.get("format", "mp3"))
    if mime is None:
        raise Rejected("not a format", code="audio_unreadable", field="format")
    if not data:
        raise Rejected("empty recording", code="audio_empty", field="file")
    with metrics.timed("transcription"):
        heard = await door.voice.transcribe(data, mime)
    if not heard.text.strip():
        raise Rejected("nothing understood", code="audio_silent", field="file")
    return web.json_response(
        {
            "text": clean(heard.text[:TEXT_MAX_CHARACTERS]),
            "confidence": heard.confidence,
            "demonstration": heard.demonstration,
        }
    )


async def picture(request: web.Request) -> web.Response:
    """``POST pictures`` (form: ticket_no?, key?, file): kept with the ticket or the report."""
    door = request.app[DOOR]
    session_id, person = await door.who(request)
    await _limit(door, PICTURES, session_id)
    fields, data = await form(request, PICTURE_BYTES, "picture_too_big")
    ticket_no = fields.get("ticket_no") or None
    home = session_id
    if ticket_no is not None:
        ticket_no = (await door.own(person, ticket_no)).ticket_no
    else:
        async with door.store.read() as records:
            home, ticket_no = await home_of_picture(records, session_id, person, door.clock())
    key = fields.get("key")
    if key is not None and not frames.ID.fullmatch(key):
        raise Rejected("malformed", code="field_malformed", field="key")
    kept = await door.desk.add_picture(
        home,
        data,
        ticket_no=ticket_no,
        key=sha256(f"{session_id}\n{key}".encode()).hexdigest() if key else None,
    )
    await _have_checked(door, person, kept)
    told = {"id": kept.id, "ticket_no": kept.ticket_no, "of_a_call": home != session_id}
    return web.json_response(told)


async def public_picture(request: web.Request) -> web.Response:
    """``GET /wechat-pictures/{id}/{proof}``: for the platform's content check, by its proof."""
    door = request.app[DOOR]
    name = request.match_info["id"]
    if not hmac.compare_digest(proof(door, name).encode(), request.match_info["proof"].encode()):
        raise web.HTTPNotFound
    async with door.store.read() as records:
        found = await records.attachments.find(name)
        if found is None or found.verdict not in ("none", "asked"):
            raise web.HTTPNotFound
        data = await records.attachments.data(name)
    return web.Response(body=data, content_type=found.mime)


def proof(door: Door, name: str) -> str:
    """What opens the public address of a picture, until its verdict is there."""
    return hmac.new(door.key, f"picture:{name}".encode(), sha256).hexdigest()


async def _have_checked(door: Door, person: Person, kept: Attachment) -> None:
    """Have the platform look at a picture; its verdict comes back as a push."""
    if not door.public_url or kept.verdict != "none":
        return
    address = f"{door.public_url.rstrip('/')}/wechat-pictures/{kept.id}/{proof(door, kept.id)}"
    try:
        trace = await door.platform.check_media(person.openid, address)
    except HotlineError as error:
        log.warning("wechat.picture_unchecked", reason=str(error))
        return
    async with door.store.begin() as records:
        await records.attachments.asked(kept.id, trace)


async def _limit(door: Door, limit: tuple[str, int, int], session_id: str) -> None:
    name, times, seconds = limit
    if not await door.live.allow(f"{name}:{session_id}", times, seconds):
        raise Rejected("too many in a short time", code="too_many")
