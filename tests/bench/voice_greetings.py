"""Our first words on lines that echo them under a street: nobody speaks; are they broken off?

Each line has its own lag and its own noise; what is shown to the ear is what a call shows it.
"""

import numpy as np

from tests.bench.progress import progress
from tests.bench.voice_material import RATE, TEXTS, phone, speak
from voice.audio import Samples, to_bytes
from voice.ear import Ear
from voice.hearing import BARGE_IN_SECONDS
from voice.player import KEPT_SECONDS
from voice.segments import VoiceContinued

_FRAME = RATE // 50
_PATHS = ((0.0, 0.75), (0.04, 0.25))  # seconds after the first, and strength


def broken_off(lines: int = 24, echo_db: float = -20.0, noise_db: float = 10.0) -> int:
    """Of so many lines, on how many our voice would have stopped within its first 7 seconds."""
    greeting, more = (phone(speak(text)) for text in (TEXTS["answers"][0], TEXTS["ours"]))
    ours = np.concatenate([np.zeros(RATE, np.int16), greeting, more])[: 8 * RATE]
    broken = 0
    with progress("lines", lines) as step:
        for seed in range(lines):
            random = np.random.default_rng(seed)
            heard = _echo(ours, random.uniform(0.03, 0.25), echo_db)
            heard += _street(random, len(ours), float(np.abs(more).mean()), noise_db)
            broken += _interrupted(ours, np.clip(heard, -32768, 32767).astype(np.int16))
            step()
    return broken


def _echo(ours: Samples, late: float, decibels: float) -> np.ndarray:
    sound = np.zeros(len(ours), np.float32)
    for after, share in _PATHS:
        lag = int((late + after) * RATE)
        sound[lag:] += ours[:-lag] * share * 10 ** (decibels / 20)
    return sound


def _street(random: np.random.Generator, length: int, level: float, decibels: float) -> np.ndarray:
    rumble = np.convolve(random.normal(0, 1, length), np.ones(16) / 16, "same")
    return rumble * level / np.abs(rumble).mean() / 10 ** (decibels / 20)


def _interrupted(ours: Samples, heard: Samples) -> bool:
    kept, at = int(KEPT_SECONDS * RATE), 0
    before = np.concatenate([np.zeros(kept, np.int16), ours])
    ear = Ear(RATE, lambda: to_bytes(before[at : at + kept]))
    for end in range(_FRAME, len(heard) + 1, _FRAME):
        at = end
        for event in ear.hear(to_bytes(heard[end - _FRAME : end])):
            if isinstance(event, VoiceContinued) and event.seconds >= BARGE_IN_SECONDS:
                return True
    return False
