"""What the voice benchmarks speak and listen to: sentences, noises, a line that echoes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from voice.audio import MODEL_RATE, Samples, from_bytes, resample, to_bytes
from voice.espeak import synthesize
from voice.legs.file import FileLeg
from voice.spelling import spell

RATE = 8000
TEXTS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("voice.yml").read_text("utf-8"))


def speak(text: str, voice: str = "cmn", rate: int = 190) -> Samples:
    """``text`` at 16 kHz."""
    speech = synthesize(spell(text), voice, rate=rate)
    return resample(speech.samples, speech.rate, MODEL_RATE)


def phone(samples: Samples) -> Samples:
    """16 kHz to the line's 8 kHz."""
    return resample(samples, MODEL_RATE, RATE)


def noises(seconds: float, rate: int) -> dict[str, Samples]:
    """What a line carries when nobody speaks: white noise, hum, ringback, a tune on hold."""
    random, t = np.random.default_rng(12345), np.arange(int(seconds * rate)) / rate
    white = random.normal(0, 600, len(t))
    street = np.convolve(random.normal(0, 4000, len(t)), np.ones(16) / 16, "same")
    hum = 3000 * np.sin(2 * np.pi * 50 * t) + 800 * np.sin(2 * np.pi * 150 * t)
    ringback = 8000 * np.sin(2 * np.pi * 450 * t) * ((t % 5) < 1)
    notes = 440 * 2 ** (random.integers(-9, 12, int(seconds * 3) + 1) / 12)
    tune = 5000 * np.sin(2 * np.pi * np.cumsum(notes[(t * 3).astype(int)]) / rate)
    sounds = {"white": white, "street": street, "hum": hum, "ringback": ringback, "tune": tune}
    return {name: sound.astype(np.int16) for name, sound in sounds.items()}


class NoisyLeg(FileLeg):
    """A line that sends our own voice back, softer and later, and adds noise."""

    def __init__(self, echo_db: float | None, noise: Samples | None, until: float) -> None:
        super().__init__("bench", [np.zeros(160, np.int16)], rate=RATE)
        self._gain = 0.0 if echo_db is None else 10 ** (echo_db / 20)
        self._noise, self._until = noise, until
        self.flushes = 0

    def speaks(self, quiet: float) -> bool:
        return self.now() >= self._until

    def line(self, frame: bytes) -> bytes:
        samples = from_bytes(frame).astype(np.float32)
        for lag, share in ((0.08, 0.75), (0.12, 0.25)):
            end = len(self.outgoing) - int(lag * RATE) * 2
            if self._gain and end >= len(frame):
                echo = from_bytes(bytes(self.outgoing[end - len(frame) : end]))
                samples += echo * self._gain * share
        if self._noise is not None:
            at = int(self.now() * RATE) % (len(self._noise) - len(samples))
            samples += self._noise[at : at + len(samples)]
        return to_bytes(np.clip(samples, -32768, 32767).astype(np.int16))

    def flush(self) -> None:
        self.flushes += 1


class InterruptingLeg(FileLeg):
    """Speaks at given seconds, whoever's turn it is."""

    def __init__(self, said: Sequence[Samples], at: Sequence[float]) -> None:
        super().__init__("bench", said, rate=RATE)
        self._at = list(at)

    def speaks(self, quiet: float) -> bool:
        if not self._at or self.now() < self._at[0]:
            return False
        self._at.pop(0)
        return True


def percentile(values: Sequence[float], share: int) -> float:
    """Rounded to a tenth."""
    return round(float(np.percentile(values, share)), 1)
