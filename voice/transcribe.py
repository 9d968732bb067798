"""``./hotline transcribe``: recordings to JSON lines."""

import asyncio
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.rules.errors import Rejected, Unavailable
from bot.settings import Settings
from voice import equipment, recordings
from voice.audio import MODEL_RATE
from voice.engine import Engine
from voice.listening import transcribe_recording

MOST_SECONDS = 3600.0


async def transcribe(settings: Settings, paths: Sequence[Path], language: str | None) -> int:
    """Print a line for each of ``paths``; 1 when one of them failed."""
    engine = Engine(await asyncio.to_thread(equipment.recognizer, settings))
    failed = 0
    async with asyncio.TaskGroup() as group:
        running = group.create_task(engine.run())
        await engine.warm_up()
        for path in paths:
            try:
                row = await _one(path, engine, language or settings.stt_language)
            except Rejected as error:
                row = {"file": str(path), "error": {"code": error.code, "message": str(error)}}
                failed = 1
            except Unavailable as error:
                row = {"file": str(path), "error": {"code": "unavailable", "message": str(error)}}
                failed = 1
            print(json.dumps(row, ensure_ascii=False), flush=True)
        running.cancel()
    return failed


async def _one(path: Path, engine: Engine, language: str) -> dict[str, Any]:
    begun = time.monotonic()
    samples = await asyncio.to_thread(recordings.read, path, most_seconds=MOST_SECONDS)
    decoded = time.monotonic()
    parts = await transcribe_recording(samples, engine, language=language)
    model = engine.recognizer.model
    return {
        "file": str(path),
        "text": "\uff0c".join(part.text for part in parts if part.text),
        "seconds": round(len(samples) / MODEL_RATE, 3),
        "confidence": round(min(part.confidence for part in parts), 3),
        "dropped": [part.dropped for part in parts if part.dropped],
        "model": model.name,
        "demonstration": model.demonstration,
        "timings_ms": {
            "read": round((decoded - begun) * 1000, 1),
            "stt": round(sum(part.stt_ms for part in parts), 1),
            "total": round((time.monotonic() - begun) * 1000, 1),
        },
    }
