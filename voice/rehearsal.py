"""``./hotline call``: recorded utterances through the whole voice path and the real dialogue."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.alarm import load_alarm
from bot.clock import now
from bot.settings import Settings
from knowledge_base.districts import districts
from voice import equipment, recordings
from voice.audio import MODEL_RATE, Samples, from_bytes, resample
from voice.call import Call
from voice.hot_words import HotWords
from voice.legs.file import FileLeg
from voice.service import Listener, Service
from voice.timing import TurnReport

MOST_SECONDS = 60.0  # an utterance
RATE = 8000  # as a phone sounds


def print_turn(report: TurnReport) -> None:
    """A JSON line."""
    print(json.dumps(report.row(), ensure_ascii=False), flush=True)


def load(paths: Sequence[Path]) -> list[Samples]:
    """The utterances at the line's rate. Raises `Rejected` naming the file."""
    said = [recordings.read(path, most_seconds=MOST_SECONDS) for path in paths]
    return [resample(samples, MODEL_RATE, RATE) for samples in said]


async def rehearse(
    settings: Settings, leg: FileLeg, conversation: Listener, folder: Path
) -> dict[str, Any]:
    """Hold the call and write ``heard.wav`` (the caller's ear) and ``call.wav`` (both sides).

    Returns how it ended. Raises `Unavailable` without a speech model.
    """
    async with equipment.mouth(settings) as (speech, _), asyncio.TaskGroup() as group:
        engine = await asyncio.to_thread(equipment.engine, settings)
        alarm = await asyncio.to_thread(load_alarm)
        service = Service(
            conversation,
            engine,
            speech,
            now,
            settings.stt_language,
            urgent=alarm.rings,
            hot_words=HotWords(districts()).of,
        )
        running = group.create_task(engine.run())
        await asyncio.gather(engine.warm_up(), speech.warm_up())
        call = Call(leg, service, print_turn)
        leg.watch(call)
        then = await call.run()
        running.cancel()
    await asyncio.to_thread(_write, leg, folder)
    return {"end": then.value, "seconds": round(leg.now(), 2), "out": str(folder)}


def _write(leg: FileLeg, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    heard = recordings.wav(from_bytes(bytes(leg.outgoing)), RATE)
    (folder / "heard.wav").write_bytes(heard)
    (folder / "call.wav").write_bytes(recordings.wav(leg.recording(), RATE))
