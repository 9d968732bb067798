"""A call's recording at the desk: for who has the caller or may watch, and on the audit trail."""

import asyncio

from aiohttp import web

from bot.console.access import Seat
from bot.console.handoffs import look
from bot.console.parts import CONSOLE, SEAT, Console
from bot.console.sight import sees
from bot.recordings import Recordings
from bot.rules.privacy import mask
from bot.store import Look

RECORDINGS = web.AppKey("recordings", Recordings)


async def words(request: web.Request) -> web.Response:
    """``GET …/sessions/{id}/recording``: how long it is, and what is said where in it."""
    recordings, session_id = request.app[RECORDINGS], request.match_info["session_id"]
    console, seat = request.app[CONSOLE], request[SEAT]
    mine = await look(console, seat, session_id)
    clear = await sees(console.live, seat, session_id, mine=mine)
    recording = await asyncio.to_thread(recordings.read, session_id)
    return web.json_response(
        {
            "seconds": round(recording.seconds, 2),
            "words": [
                {
                    "speaker": said.speaker,
                    "text": said.text if clear else mask(said.text),
                    "at": said.at,
                    "seconds": said.seconds,
                }
                for said in recording.words
            ],
        }
    )


async def sound(request: web.Request) -> web.Response:
    """``GET …/sessions/{id}/recording.wav``: the caller left, the hotline right."""
    console, session_id = request.app[CONSOLE], request.match_info["session_id"]
    await look(console, request[SEAT], session_id)
    recording = await asyncio.to_thread(request.app[RECORDINGS].read, session_id)
    await _heard(console, request[SEAT], session_id)
    headers = {"Cache-Control": "no-store"}
    return web.Response(body=recording.wav(), content_type="audio/wav", headers=headers)


async def _heard(console: Console, seat: Seat, session_id: str) -> None:
    async with console.store.begin() as records:
        look = Look(seat.login, "recording_heard", session_id, console.clock())
        await records.audit.add(look)
