"""pipecat beside us: the same audio, detector, recogniser and answers, on the same machine.

pipecat (PyPI, BSD-2) is installed into an environment of its own, ``.hotline/pipecat``. It waits
0.7 s of silence for the end of every utterance, the least that we wait (0.9 s where a sentence does
not sound finished); its own default of 0.2 s ends sentences in their middle. Where it cannot be
installed its figures are left out.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from bot.settings import ROOT
from tests.bench import voice_calls
from tests.bench.measurement import Measurement
from tests.bench.voice_ear import VOICES
from tests.bench.voice_material import RATE, TEXTS, percentile, phone, speak
from voice import recordings
from voice.engine import Engine
from voice.segments import FINISHED_SECONDS

HERE = Path(__file__).parent / "in_pipecat"
HOME = ROOT / ".hotline" / "pipecat"
NAME = "pipecat 1.14"
CROWD, TURNS = 4, 4


@dataclass(frozen=True)
class Held:
    """``sounds``: milliseconds to the first sound of each answer. ``processor``: its seconds that a
    second of a call took, recogniser included."""

    sounds: list[float]
    processor: float

    def slowest(self, share: int) -> float | None:
        """A percentile of the sounds."""
        return percentile(self.sounds, share) if self.sounds else None

    @property
    def calls(self) -> float | None:
        """How many a core carries, by processor time."""
        return round(1 / self.processor, 1) if self.processor else None


NOTHING = Held([], 0.0)


async def compared(engine: Engine) -> AsyncIterator[Measurement]:
    """Ours and theirs, one call and several."""
    python = await environment()
    model = engine.recognizer.model.folder
    for calls, turns in ((1, 10), (CROWD, TURNS)):
        us = await ours(engine, calls, turns)
        them = await theirs(python, model, calls, turns) if python else NOTHING
        many = f"{calls} call{'s' if calls > 1 else ''} at once"
        for share in (50, 95):
            peer = them.slowest(share)
            yield Measurement(
                f"against pipecat, {many}: end of speech to first sound, p{share}",
                us.slowest(share), "ms", NAME, peer, peer, "lower",
            )  # fmt: skip
        yield Measurement(
            f"against pipecat, {many}: turns of {calls * turns} answered",
            len(us.sounds), "turns", NAME, len(them.sounds) if python else None, calls * turns,
        )  # fmt: skip
        yield Measurement(
            f"against pipecat, {many}: calls that a core carries, by processor time",
            us.calls, "calls", NAME, them.calls, them.calls,
        )  # fmt: skip


async def ours(engine: Engine, calls: int, turns: int) -> Held:
    """The calls held by us."""
    lengths: list[float] = []
    begun = time.process_time()
    reports = await voice_calls.hold(engine, calls, turns, lengths)
    used = time.process_time() - begun
    return Held(voice_calls.first_sounds(reports), used / sum(lengths))


async def environment() -> Path | None:
    """pipecat's Python, installed where it is not yet; None where it cannot be."""
    python = HOME / "bin" / "python"
    wanted = HERE / "requirements.txt"
    stamp = HOME / "stamp"
    if stamp.is_file() and stamp.read_text() == wanted.read_text():
        return python
    install = ("-m", "pip", "install", "-q", "-r", str(wanted))
    for program, words in ((sys.executable, ("-m", "venv", str(HOME))), (str(python), install)):
        made = await asyncio.create_subprocess_exec(program, *words)
        if await made.wait() != 0:
            return None
    stamp.write_text(wanted.read_text())
    return python


async def theirs(python: Path, model: str, calls: int, turns: int) -> Held:
    """The calls held by pipecat, with what `voice_calls` says to us."""
    with tempfile.TemporaryDirectory(prefix="hotline-pipecat-") as made:
        folder = Path(made)
        await asyncio.to_thread(_material, folder, calls, turns)
        process = await asyncio.create_subprocess_exec(
            *(str(python), str(HERE / "holds.py"), str(folder), model),
            *(str(calls), str(FINISHED_SECONDS)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=ROOT,
        )
        output, _ = await process.communicate()
    lines = output.decode().splitlines()
    return Held(**json.loads(lines[-1])) if lines else NOTHING


def _material(folder: Path, calls: int, turns: int) -> None:
    for call in range(calls):
        for turn in range(turns):
            text = TEXTS["caller"][(call + turn) % len(TEXTS["caller"])]
            sound = phone(speak(text, VOICES[call % len(VOICES)]))
            (folder / f"{call:03}-{turn:02}.wav").write_bytes(recordings.wav(sound, RATE))
    answer = phone(speak(TEXTS["answers"][1]))
    (folder / "answer.wav").write_bytes(recordings.wav(answer, RATE))
