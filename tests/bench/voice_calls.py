"""How soon the answer sounds: whole calls in real time, true ear and recogniser, cached voice."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from bot.clock import now
from bot.rules.session import Channel, Outcome, Reply, Status, Utterance
from tests.bench.voice_ear import VOICES
from tests.bench.voice_material import RATE, TEXTS, phone, speak
from voice import recordings
from voice.call import Call
from voice.engine import Engine
from voice.legs.file import FileLeg
from voice.local_voice import LocalVoice
from voice.sentences import cut
from voice.service import Service
from voice.sound_cache import SoundCache
from voice.speech import Speech, Voices
from voice.timing import TurnReport
from voice.tts import OutsideVoice

NAME = "zh-CN-XiaoxiaoNeural"


class Answers:
    """A dialogue that takes no time: what is measured is the voice process."""

    async def begin(
        self, session_id: str, channel: Channel, caller: str | None, at: datetime
    ) -> Outcome:
        return Outcome("opening", Status.GREETED, (Reply(TEXTS["answers"][0]),))

    async def hear(self, utterance: Utterance) -> Outcome:
        answer = TEXTS["answers"][len(utterance.text) % len(TEXTS["answers"])]
        return Outcome(utterance.id, Status.ASKED, (Reply(answer),))


@asynccontextmanager
async def cached_voice() -> AsyncIterator[Speech]:
    """A voice whose sentences are all on disk."""
    local = LocalVoice()
    with tempfile.TemporaryDirectory() as folder:
        cache = SoundCache(Path(folder))
        voices = Voices(NAME, "zh-HK-HiuGaaiNeural")
        speech = Speech(cache, OutsideVoice(first_seconds=0.1), local, voices, lambda _: False)
        for sentence in (piece for text in TEXTS["answers"] for piece in cut(text)):
            cache.put(cache.key(sentence, NAME, 1.0), recordings.mp3(speak(sentence)))
        await speech.remember(TEXTS["answers"])
        yield speech
        await local.close()


async def hold(
    engine: Engine, calls: int, turns: int, lengths: list[float] | None = None
) -> list[TurnReport]:
    """The turns of ``calls`` at once, each beginning a little after the one before.

    ``lengths`` gets the seconds that each call took.
    """
    reports: list[TurnReport] = []
    seconds = lengths if lengths is not None else []
    async with cached_voice() as speech, asyncio.TaskGroup() as group:
        service = Service(Answers(), engine, speech, now)
        for index in range(calls):
            group.create_task(_one(service, index, turns, reports, seconds))
    return [report for report in reports if report.ended_at is not None]


async def _one(
    service: Service, index: int, turns: int, reports: list[TurnReport], lengths: list[float]
) -> None:
    texts = [TEXTS["caller"][(index + turn) % len(TEXTS["caller"])] for turn in range(turns)]
    sounds = [phone(speak(text, VOICES[index % len(VOICES)])) for text in texts]
    await asyncio.sleep(index * 0.37)
    leg = FileLeg(f"bench-{index}", sounds, rate=RATE, real_time=True)
    call = Call(leg, service, reports.append)
    leg.watch(call)
    await call.run()
    lengths.append(leg.now())


def first_sounds(reports: list[TurnReport]) -> list[float]:
    """Milliseconds from the caller's last sound to our first."""
    return [report.row()["timings_ms"]["first_sound"] for report in reports]


def stages(reports: list[TurnReport]) -> dict[str, list[float]]:
    """Milliseconds of each stage, by its name."""
    found: dict[str, list[float]] = {}
    for report in reports:
        for name, milliseconds in report.row()["timings_ms"].items():
            if name != "first_sound":
                found.setdefault(name, []).append(milliseconds)
    return found


def own(reports: list[TurnReport]) -> list[float]:
    """Of these, milliseconds in our own code: without the pause, the recogniser, the dialogue."""
    found = []
    for report in reports:
        times = report.row()["timings_ms"]
        others = ("end_of_speech", "words_after_end", "dialogue")
        found.append(times["first_sound"] - sum(times.get(name, 0.0) for name in others))
    return found
