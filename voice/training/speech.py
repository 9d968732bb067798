"""Speech for training: a sentence in one of many synthetic voices, and what a line does to it.

Returns where every character sounds, which teaches the network to look at the right place.
"""

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soxr
import yaml

from voice.espeak import synthesize
from voice.training.sentences import Sentence

RATE = 16_000  # what the model hears, Hz
Samples = npt.NDArray[np.float32]

_NAMES = yaml.safe_load((Path(__file__).parent / "voices.yml").read_text(encoding="utf-8"))
VOICES: list[str] = _NAMES["trained"].split()
HELD_OUT: list[str] = _NAMES["held_out"].split()


@dataclass(frozen=True)
class Spoken:
    """Sound at 16 kHz, and (begin, end) in seconds of every character of the sentence's text."""

    samples: Samples
    places: list[tuple[float, float]]


class Speaker:
    """Says sentences in ever new voices; the same seed says the same."""

    def __init__(self, seed: int, voices: list[str] = VOICES) -> None:
        self.random = random.Random(seed)
        self.noise = np.random.default_rng(seed)
        self.voices = voices

    def say(self, sentence: Sentence) -> Spoken:
        """A clean utterance with a little silence around it."""
        dice = self.random
        variant = dice.choice(self.voices) if dice.random() < 0.93 else None
        voice = f"cmn+{variant}" if variant else "cmn"
        rate, pitch, spread = dice.randint(140, 300), dice.randint(15, 85), dice.randint(25, 75)
        stretch = dice.uniform(0.9, 1.12)  # moves the formants: another throat
        slow = dice.choice((0.05, 0.2, 0.9))  # some pause after every group, some hardly ever
        pieces: list[Samples] = [self._silence(dice.uniform(0.05, 0.7))]
        places: list[tuple[float, float]] = []
        for clause in filter(None, sentence.spoken.split(",")):
            speech = synthesize(clause, voice, rate, pitch, spread)
            sound = soxr.resample(
                speech.samples.astype(np.float32) / 32768, speech.rate * stretch, RATE, "MQ"
            )
            before = sum(map(len, pieces)) / RATE
            scale = 1 / (speech.rate * stretch)
            begins = _begins(clause, [(e.text_position, e.sample * scale) for e in speech.events])
            end = _loud_until(sound) / RATE
            ends = [*begins[1:], max(end, begins[-1] + 0.06)]
            places += [
                (before + begin, before + max(stop, begin + 0.04))
                for begin, stop in zip(begins, ends, strict=True)
            ]
            pieces.append(sound[: int(max(end, 0.1) * RATE)])
            pause = dice.uniform(0.4, 1.6) if dice.random() < slow else dice.uniform(0.03, 0.4)
            pieces.append(self._silence(pause))
        pieces.append(self._silence(dice.uniform(0.05, 0.6 if dice.random() < 0.7 else 1.6)))
        samples = np.concatenate(pieces)
        return Spoken(samples / max(float(np.abs(samples).max()), 1e-3) * 0.7, places)

    def line(self, samples: Samples) -> Samples:
        """What a room, a street and a telephone do to a clean utterance."""
        dice = self.random
        if dice.random() < 0.3:
            samples = self._reverberate(samples)
        if dice.random() < 0.65:
            samples = self.add_noise(samples, dice.uniform(5, 30))
        if dice.random() < 0.65:
            samples = telephone(samples * dice.uniform(0.05, 1.2))
        else:
            samples = samples * dice.uniform(0.05, 1.2)
        return np.clip(samples, -1, 1).astype(np.float32)

    def add_noise(self, samples: Samples, decibels: float) -> Samples:
        """Noise of a random colour at this signal-to-noise ratio."""
        noise = self._coloured(len(samples))
        power = float(np.mean(samples**2)) + 1e-9
        scale = np.sqrt(power / (np.mean(noise**2) + 1e-12) / 10 ** (decibels / 10))
        return (samples + scale * noise).astype(np.float32)

    def noise_alone(self) -> Samples:
        """A line on which nobody speaks."""
        length = int(self.random.uniform(0.5, 8) * RATE)
        samples = self._coloured(length) * self.random.uniform(0.0003, 0.1)
        return telephone(samples) if self.random.random() < 0.6 else samples

    def _coloured(self, length: int) -> Samples:
        size = 1 << (length - 1).bit_length()
        spectrum = np.fft.rfft(self.noise.standard_normal(size))
        tilt = self.random.uniform(0, 1.2)
        spectrum *= np.maximum(np.arange(len(spectrum)), len(spectrum) / 200) ** -tilt
        noise = np.fft.irfft(spectrum)[:length]
        if self.random.random() < 0.3:  # comes and goes: traffic, steps
            knots = self.noise.uniform(0.1, 1, max(length // 4000, 2))
            noise *= np.interp(np.linspace(0, 1, length), np.linspace(0, 1, len(knots)), knots)
        return noise.astype(np.float32)

    def _reverberate(self, samples: Samples) -> Samples:
        seconds = self.random.uniform(0.05, 0.4)
        length = int(seconds * RATE)
        echo = self.noise.standard_normal(length) * np.exp(-6.9 * np.arange(length) / length)
        echo *= self.random.uniform(0.02, 0.12)
        echo[0] = 1
        size = 1 << (len(samples) + length).bit_length()
        wet = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(echo, size), size)
        return wet[: len(samples)].astype(np.float32)

    def _silence(self, seconds: float) -> Samples:
        """Not always silent to the last bit: an analogue line hums, a digital one may not."""
        length = int(seconds * RATE)
        if self.random.random() < 0.4:
            return np.zeros(length, np.float32)
        return (self.noise.standard_normal(length) * 1e-4).astype(np.float32)


def telephone(samples: Samples) -> Samples:
    """An 8 kHz mu-law line and back to 16 kHz."""
    narrow = np.clip(soxr.resample(samples, RATE, 8000, "MQ"), -1, 1)
    coded = np.sign(narrow) * np.log1p(255 * np.abs(narrow)) / np.log1p(255)
    coded = np.round(coded * 127) / 127
    narrow = np.sign(coded) * np.expm1(np.abs(coded) * np.log1p(255)) / 255
    return soxr.resample(narrow.astype(np.float32), 8000, RATE, "MQ")


def _begins(clause: str, events: list[tuple[int, float]]) -> list[float]:
    """When each character begins; those inside a word of several share its time evenly."""
    known = dict(reversed(events))
    known.setdefault(0, 0.0)
    positions = sorted(known)
    last = max(known.values()) + 0.2 * max(len(clause) - positions[-1], 1)
    anchors = [*positions, len(clause)]
    times = [*(known[position] for position in positions), last]
    return [float(np.interp(index, anchors, times)) for index in range(len(clause))]


def _loud_until(sound: Samples) -> int:
    """The sample after the last one that can be heard."""
    loud = np.flatnonzero(np.abs(sound) > 0.01 * max(float(np.abs(sound).max()), 1e-6))
    return int(loud[-1]) + 1 if len(loud) else len(sound)
