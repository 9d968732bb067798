"""pipecat beside us: the same audio, detector, recogniser and answers, on the same machine.

pipecat (PyPI, BSD-2) is installed into an environment of its own, ``.hotline/pipecat``. Both wait
0.9 s of silence for the end of an utterance; pipecat's own default of 0.2 s ends sentences in
their middle. Where it cannot be installed its figures are left out.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from bot.settings import ROOT
from tests.bench import voice_calls
from tests.bench.measurement import Measurement
from tests.bench.voice_ear import VOICES
from tests.bench.voice_material import RATE, TEXTS, percentile, phone, speak
from voice import recordings
from voice.engine import Engine
from voice.segments import END_SECONDS, Expectation

HERE = Path(__file__).parent / "in_pipecat"
HOME = ROOT / ".hotline" / "pipecat"
NAME = "pipecat 1.14"
CROWD, TURNS = 8, 3


async def compared(engine: Engine) -> AsyncIterator[Measurement]:
    """Ours and theirs, one call and several."""
    python = await environment()
    for calls, turns in ((1, 10), (CROWD, TURNS)):
        ours = voice_calls.first_sounds(await voice_calls.hold(engine, calls, turns))
        theirs = await held(python, engine.recognizer.model.folder, calls, turns) if python else []
        many = f"{calls} call{'s' if calls > 1 else ''} at once"
        for share in (50, 95):
            peer = percentile(theirs, share) if theirs else None
            yield Measurement(
                f"against pipecat, {many}: end of speech to first sound, p{share}",
                percentile(ours, share), "ms", NAME, peer, peer, "lower",
            )  # fmt: skip
        yield Measurement(
            f"against pipecat, {many}: turns of {calls * turns} answered",
            len(ours), "turns", NAME, len(theirs) if theirs else None, calls * turns,
        )  # fmt: skip


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


async def held(python: Path, model: str, calls: int, turns: int) -> list[float]:
    """Milliseconds of each turn that pipecat answered, with what `voice_calls` says to us."""
    with tempfile.TemporaryDirectory(prefix="hotline-pipecat-") as made:
        folder = Path(made)
        await asyncio.to_thread(_material, folder, calls, turns)
        stop = END_SECONDS[Expectation.OPEN]
        process = await asyncio.create_subprocess_exec(
            *(str(python), str(HERE / "holds.py"), str(folder), model, str(calls), str(stop)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=ROOT,
        )
        output, _ = await process.communicate()
    lines = output.decode().splitlines()
    return [float(value) for value in json.loads(lines[-1])] if lines else []


def _material(folder: Path, calls: int, turns: int) -> None:
    for call in range(calls):
        for turn in range(turns):
            text = TEXTS["caller"][(call + turn) % len(TEXTS["caller"])]
            sound = phone(speak(text, VOICES[call % len(VOICES)]))
            (folder / f"{call:03}-{turn:02}.wav").write_bytes(recordings.wav(sound, RATE))
    answer = phone(speak(TEXTS["answers"][1]))
    (folder / "answer.wav").write_bytes(recordings.wav(answer, RATE))
