"""The voice process over HTTP, on loopback: transcription, speech, announced calls, health.

The first two speak OpenAI's form. Every error is ``{"error": {"code", "message"}}``.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.rules.errors import HotlineError, NotFound, Rejected, Unavailable
from voice import http_calls, metrics, recordings
from voice.audio import MODEL_RATE
from voice.desk import DESK, Desk
from voice.engine import Engine
from voice.listening import transcribe_recording

MOST_SECONDS = 60.0
MOST_BYTES = 25 * 2**20
MOST_CHARACTERS = 2000
LANGUAGES = ("zh", "yue")
SPEEDS = (0.5, 2.0)

_STATUS = {"too_long": 413, "unavailable": 503, "not_found": 404}


def error(code: str, message: str) -> web.Response:
    """An error as every caller gets it."""
    body = {"error": {"code": code, "message": message}}
    return web.json_response(body, status=_STATUS.get(code, 400))


@web.middleware
async def errors(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """The product's errors as JSON."""
    try:
        return await handler(request)
    except Rejected as rejected:
        return error(rejected.code, str(rejected))
    except NotFound as missing:
        return error("not_found", str(missing))
    except Unavailable as away:
        return error("unavailable", str(away))
    except HotlineError as other:
        return error("rejected", str(other))
    except web.HTTPRequestEntityTooLarge:
        return error("too_long", f"a recording may be {MOST_SECONDS:g} seconds, {MOST_BYTES} bytes")


async def transcribe(request: web.Request) -> web.Response:
    """``POST /v1/audio/transcriptions``: multipart ``file``, ``language`` zh or yue."""
    desk = request.app[DESK]
    begun = time.monotonic()
    form = await _form(request)
    file = form.get("file")
    if not isinstance(file, web.FileField):
        raise Rejected("file: a recording is needed", code="empty", field="file")
    language = str(form.get("language") or desk.language)
    if language not in LANGUAGES:
        raise Rejected(f"language: one of {', '.join(LANGUAGES)}", code="bad_language")
    data = await asyncio.to_thread(file.file.read)
    samples = await asyncio.to_thread(recordings.decode, data, most_seconds=MOST_SECONDS)
    decoded = time.monotonic()
    parts = await transcribe_recording(samples, desk.engine, language=language)
    text = "\uff0c".join(part.text for part in parts if part.text)
    if not text:
        raise Rejected("nothing was understood", code="silence", field="file")
    model = desk.engine.recognizer.model
    return web.json_response(
        {
            "text": text,
            "duration": round(len(samples) / MODEL_RATE, 3),
            "language": language,
            "confidence": round(min(part.confidence for part in parts if part.text), 3),
            "model": model.name,
            "demonstration": model.demonstration,
            "timings": {
                "decode_ms": round((decoded - begun) * 1000, 1),
                "stt_ms": round(sum(part.stt_ms for part in parts), 1),
                "total_ms": round((time.monotonic() - begun) * 1000, 1),
            },
        }
    )


async def _form(request: web.Request) -> Any:
    if not request.content_type.startswith("multipart/"):
        raise Rejected("multipart form data is needed", code="bad_request")
    try:
        return await request.post()
    except (ValueError, AssertionError, HttpProcessingError) as problem:
        raise Rejected("the form cannot be read", code="bad_request") from problem


async def speak(request: web.Request) -> web.Response:
    """``POST /v1/audio/speech``: JSON ``input``, ``voice``, ``speed``, ``response_format``."""
    desk = request.app[DESK]
    wish = await _json(request)
    text, form = wish.get("input"), wish.get("response_format", "mp3")
    voice, speed = wish.get("voice", "mandarin"), wish.get("speed", 1.0)
    if not isinstance(text, str) or not text.strip() or len(text) > MOST_CHARACTERS:
        raise Rejected(f"input: 1 to {MOST_CHARACTERS} characters", code="bad_input", field="input")
    if form not in ("wav", "mp3"):
        raise Rejected("response_format: wav or mp3", code="bad_format", field="response_format")
    if not isinstance(speed, int | float) or not SPEEDS[0] <= speed <= SPEEDS[1]:
        raise Rejected(f"speed: {SPEEDS[0]} to {SPEEDS[1]}", code="bad_speed", field="speed")
    if voice not in _voices(desk):
        raise Rejected(f"voice: one of {', '.join(_voices(desk))}", code="bad_voice", field="voice")
    pieces = [piece async for piece in desk.speech.say(text, voice, float(speed))]
    samples = np.concatenate(pieces) if pieces else np.zeros(0, np.int16)
    encode = recordings.wav if form == "wav" else recordings.mp3
    body = await asyncio.to_thread(encode, samples)
    kind = "audio/wav" if form == "wav" else "audio/mpeg"
    return web.Response(body=body, content_type=kind)


def _voices(desk: Desk) -> list[str]:
    names = desk.speech.voices
    return ["mandarin", "cantonese", names.mandarin, names.cantonese]


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        data = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise Rejected("the body is no JSON", code="bad_request") from problem
    if not isinstance(data, dict):
        raise Rejected("the body is no JSON object", code="bad_request")
    return data


async def health(request: web.Request) -> web.Response:
    """``GET /health``."""
    desk = request.app[DESK]
    model = desk.engine.recognizer.model
    return web.json_response(
        {
            "status": "ok",
            "model": model.name,
            "demonstration": model.demonstration,
            "note": model.note,
            "voices": _voices(desk),
            "degraded": desk.speech.degraded or desk.engine.partials_degraded,
            "calls": desk.lines.active,
            "waiting": desk.engine.waiting,
            "partials": _partials(desk.engine),
        }
    )


def _partials(engine: Engine) -> dict[str, Any]:
    """What hears the words still being said; by default what hears the turns."""
    model = (engine.partial or engine.recognizer).model
    return {
        "model": model.name,
        "demonstration": model.demonstration,
        "own": engine.partial is not None,
        "waiting": engine.partials_waiting,
        "degraded": engine.partials_degraded,
    }


async def measured(request: web.Request) -> web.Response:
    """``GET /metrics``."""
    desk = request.app[DESK]
    metrics.calls.set(desk.lines.active)
    metrics.waiting.set(desk.engine.waiting - desk.engine.partials_waiting)
    metrics.partials_waiting.set(desk.engine.partials_waiting)
    metrics.partials_degraded.set(desk.engine.partials_degraded)
    metrics.degraded.set(desk.speech.degraded)
    return web.Response(body=metrics.page(), content_type="text/plain")


def application(desk: Desk) -> web.Application:
    """All of the above."""
    app = web.Application(middlewares=[errors], client_max_size=MOST_BYTES)
    app[DESK] = desk
    app.add_routes(
        [
            web.post("/v1/audio/transcriptions", transcribe),
            web.post("/v1/audio/speech", speak),
            web.get("/health", health),
            web.get("/metrics", measured),
            web.get("/calls/new/{caller:[0-9+*#]{0,32}}", http_calls.announce),
            web.post("/calls/new/{caller:[0-9+*#]{0,32}}", http_calls.announce),
            web.get("/calls/{call}/next", http_calls.then),
            web.get("/calls/{call}/left", http_calls.left),
            web.get("/media/{dialect}", http_calls.media),
            web.get("/talks/{session}", http_calls.member),
        ]
    )
    return app
