"""What the ear makes of noise, of digits in groups, of our own echo and of an interruption."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import datetime

import numpy as np

from bot.clock import now
from bot.rules.session import Channel, Outcome, Reply, Status, Utterance
from tests.bench.progress import progress
from tests.bench.voice_material import (
    RATE,
    TEXTS,
    InterruptingLeg,
    NoisyLeg,
    noises,
    percentile,
    phone,
    speak,
)
from voice.audio import MODEL_RATE, Samples, from_bytes, to_bytes
from voice.call import Call
from voice.ear import Ear
from voice.engine import Engine
from voice.segments import Expectation, VoiceStopped
from voice.service import Service
from voice.signals import Transcript

VOICES = ("cmn+f2", "cmn+m3", "cmn+f4", "cmn+m7")  # none is the one that we speak with


class Nothing:
    """A recogniser that hears nothing: what it is given was a false alarm."""

    async def transcribe(
        self,
        samples: Samples,
        *,
        voiced_seconds: float,
        language: str = "zh",
        hot_words: str = "",
        expectation: Expectation = Expectation.OPEN,
        deadline_seconds: float = 8.0,
        partial: bool = False,
    ) -> Transcript:
        return Transcript("", 0.0, language, "nothing")


class Reciter:
    """A voice that goes on and on."""

    def __init__(self, seconds: float) -> None:
        text = speak(TEXTS["ours"])
        self._sound = np.tile(text, int(seconds * MODEL_RATE / len(text)) + 1)

    async def say(
        self, text: str, voice: str = "mandarin", speed: float = 1.0
    ) -> AsyncIterator[Samples]:
        for at in range(0, len(self._sound), MODEL_RATE):
            yield self._sound[at : at + MODEL_RATE]


class Opening:
    """A dialogue that says one thing."""

    async def begin(
        self, session_id: str, channel: Channel, caller: str | None, at: datetime
    ) -> Outcome:
        return Outcome("opening", Status.GREETED, (Reply("…"),))

    async def hear(self, utterance: Utterance) -> Outcome:
        return Outcome(utterance.id, Status.GREETED, (Reply("…"),))


async def heard(ear: Ear, sound: Samples, engine: Engine, expectation: Expectation) -> list[str]:
    """What is believed to have been said in ``sound`` at the line's rate."""
    ear.expect(expectation)
    texts = []
    for at in range(0, len(sound), 160):
        for event in ear.hear(to_bytes(sound[at : at + 160])):
            if isinstance(event, VoiceStopped):
                said = await engine.transcribe(
                    event.samples, voiced_seconds=event.voiced_seconds, expectation=expectation
                )
                texts.append(said.text)
    return [text for text in texts if text]


async def ghost_words(engine: Engine, seconds: int = 600) -> int:
    """Characters believed in ``seconds`` each of five kinds of noise."""
    words, kinds, part = 0, noises(seconds, RATE), 10 * RATE
    with progress("noise", len(kinds) * seconds // 10) as step:
        for sound in kinds.values():
            ear = Ear(RATE, lambda: None)
            for at in range(0, len(sound), part):
                texts = await heard(ear, sound[at : at + part], engine, Expectation.OPEN)
                words += sum(map(len, texts))
                step()
    return words


async def digits_heard(
    engine: Engine, numbers: int = 40, seed: int = 12345, voice: str = "cmn"
) -> float:
    """The share of a phone number's digits that arrive, said in groups with pauses of a second."""
    chosen = random.Random(seed)
    pause = np.zeros(RATE, np.int16)
    right = 0
    with progress("numbers", numbers) as step:
        for _ in range(numbers):
            number = "1" + "".join(chosen.choices("0123456789", k=10))
            spoken = "".join(TEXTS["digits"][int(digit)] for digit in number)
            groups = [phone(speak(spoken[a:b], voice)) for a, b in ((0, 3), (3, 7), (7, 11))]
            sound = np.concatenate(
                [pause, groups[0], pause, groups[1], pause, groups[2], pause, pause, pause]
            )
            texts = await heard(Ear(RATE, lambda: None), sound, engine, Expectation.DIGITS)
            right += _in_order(number, "".join(texts))
            step()
    return round(right / numbers / 11, 4)


def _in_order(wanted: str, found: str) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(found) + 1)
    for a in wanted:
        row = _next_row(row, a, found)
    return row[-1]


def _next_row(row: list[int], a: str, found: str) -> list[int]:
    new = [0]
    for index, b in enumerate(found):
        new.append(row[index] + 1 if a == b else max(row[index + 1], new[-1]))
    return new


async def false_interruptions(
    echo_db: float | None, noise_db: float | None, seconds: float = 600.0
) -> int:
    """How often our voice stopped in ``seconds`` of it, with nobody speaking."""
    speech = Reciter(seconds)
    level = float(np.abs(phone(speak(TEXTS["ours"]))).mean())
    noise = None
    if noise_db is not None:
        white = noises(20, RATE)["street"].astype(np.float32)
        scale = level / float(np.abs(white).mean()) / 10 ** (noise_db / 20)
        noise = (white * scale).astype(np.int16)
    leg = NoisyLeg(echo_db, noise, seconds - 2)
    call = Call(leg, Service(Opening(), Nothing(), speech, now))
    leg.watch(call)
    async with asyncio.timeout(600):
        await call.run()
    return leg.flushes - 1  # the one at the end of the call


async def silence_after_interruption(times: int = 20) -> tuple[float, float]:
    """Milliseconds, p50 and p95: from the interrupting voice's first sound to our silence."""
    found = []
    for index in range(times):
        sound = phone(speak(TEXTS["interruption"], VOICES[index % len(VOICES)]))
        first = int(np.argmax(np.abs(sound.astype(int)) > 500))
        at = 2.0 + index * 0.137
        leg = InterruptingLeg([sound], [at])
        call = Call(leg, Service(Opening(), Nothing(), Reciter(8.0), now))
        leg.watch(call)
        await call.run()
        loud = np.abs(from_bytes(bytes(leg.outgoing)).reshape(-1, 160).astype(int)).max(axis=1)
        heard_at = np.abs(from_bytes(bytes(leg.incoming)).astype(int)) > 0
        begun = int(np.argmax(heard_at)) + first
        quiet = begun // 160
        while quiet + 5 < len(loud) and loud[quiet : quiet + 5].any():
            quiet += 1
        found.append((quiet * 160 - begun) / RATE * 1000)
    return percentile(found, 50), percentile(found, 95)
