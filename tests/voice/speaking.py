"""Speech for tests: espeak-ng at 16 kHz, and noises."""

import numpy as np

from voice.audio import MODEL_RATE, Samples, resample
from voice.espeak import synthesize
from voice.spelling import spell


def say(text: str, voice: str = "cmn") -> Samples:
    """``text`` at 16 kHz."""
    speech = synthesize(spell(text), voice)
    return resample(speech.samples, speech.rate, MODEL_RATE)


def silence(seconds: float) -> Samples:
    """Nothing at all."""
    return np.zeros(int(seconds * MODEL_RATE), np.int16)


def noise(seconds: float, level: float = 300.0) -> Samples:
    """White noise, always the same."""
    random = np.random.default_rng(7)
    return (random.normal(0, level, int(seconds * MODEL_RATE))).astype(np.int16)


def ringback(seconds: float) -> Samples:
    """450 Hz, one second on and four off, as a Chinese exchange sends it."""
    t = np.arange(int(seconds * MODEL_RATE)) / MODEL_RATE
    return (8000 * np.sin(2 * np.pi * 450 * t) * ((t % 5) < 1)).astype(np.int16)
