"""Sound as numbers: sample rates, G.711, levels.

Inside the voice process sound is mono s16 little-endian bytes on a line and float32 in -1..1
at 16 kHz before the models. One `Resampler` per direction per call: it keeps the filter's
state, so that there is no click at the edge of a frame.
"""

import warnings
from collections.abc import Sequence
from functools import cache
from typing import Literal

import av
import numpy as np
import numpy.typing as npt
import soxr

with warnings.catch_warnings():  # in the standard library up to 3.12, audioop-lts from 3.13 on
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

Floats = npt.NDArray[np.float32]
Samples = npt.NDArray[np.int16]

MODEL_RATE = 16_000  # what VAD and STT take
FRAME_SECONDS = 0.02
SAMPLE_BYTES = 2
STEP = 512  # samples at 16 kHz that the voice detector takes at a time
STEP_SECONDS = STEP / MODEL_RATE

Law = Literal["ulaw", "alaw"]


def frame_bytes(rate: int) -> int:
    """Bytes of a 20 ms frame of s16 mono at ``rate``."""
    return rate // 50 * SAMPLE_BYTES


class Resampler:
    """From one sample rate to another, frame by frame, with the state kept between."""

    def __init__(self, rate_in: int, rate_out: int) -> None:
        self._stream = (
            soxr.ResampleStream(rate_in, rate_out, 1, dtype="int16", quality="HQ")
            if rate_in != rate_out
            else None
        )

    def convert(self, samples: Samples, last: bool = False) -> Samples:
        """What can be given so far; ``last`` flushes the filter's tail."""
        if self._stream is None:
            return samples
        converted: Samples = self._stream.resample_chunk(samples, last=last)
        return converted


class Doubler:
    """8 kHz to 16 kHz without delay, for the ear: a half-band filter, 2 ms late.

    soxr's stream works in blocks and gives its sound up to 110 ms late, which a caller who
    interrupts would notice. Images are 70 dB down.
    """

    TAPS = 32

    def __init__(self) -> None:
        self.before = np.zeros(self.TAPS - 1, np.float32)

    def convert(self, samples: Samples) -> Samples:
        """Twice as many samples."""
        twice: Samples = doubled([self], samples[np.newaxis])[0]
        return twice


@cache
def _half_band() -> Floats:
    between = np.arange(Doubler.TAPS) - (Doubler.TAPS - 1) / 2
    taps = np.sinc(between) * np.kaiser(Doubler.TAPS, 8.0)
    kept: Floats = (taps / taps.sum()).astype(np.float32)
    return kept


def doubled(doublers: Sequence[Doubler], rows: Samples) -> Samples:
    """The next samples of several lines, a row each: twice as many."""
    length, before = rows.shape[1], Doubler.TAPS - 1
    sound = np.empty((len(rows), before + length), np.float32)
    sound[:, before:] = rows
    for row, doubler in enumerate(doublers):
        sound[row, :before] = doubler.before
        doubler.before = sound[row, length:].copy()
    between = np.zeros(sound.size, np.float32)  # one row after the other: the joints are left out
    between[: sound.size - before] = np.convolve(sound.reshape(-1), _half_band(), "valid")
    np.rint(between, out=between)
    np.maximum(np.minimum(between, 32767, out=between), -32768, out=between)
    both = np.empty((len(rows), length, 2), np.int16)
    at = Doubler.TAPS // 2 - 1
    both[:, :, 0] = sound[:, at : at + length]
    both[:, :, 1] = between.reshape(sound.shape)[:, :length]
    return both.reshape(len(rows), 2 * length)


class Halver:
    """16 kHz to 8 kHz, half as many samples for each that come: what a line gets every 20 ms has to
    be 20 ms long, and soxr's stream gives its sound in blocks. 2 ms late, images 60 dB down."""

    TAPS = 65

    def __init__(self) -> None:
        self._before = np.zeros(self.TAPS - 1, np.float32)

    def convert(self, samples: Samples) -> Samples:
        """Half as many samples; an even number comes in."""
        sound = np.concatenate([self._before, samples.astype(np.float32)])
        self._before = sound[-(self.TAPS - 1) :]
        narrow = np.convolve(sound, _low_pass(), "valid")[::2]
        half: Samples = np.clip(np.rint(narrow), -32768, 32767).astype(np.int16)
        return half


@cache
def _low_pass() -> Floats:
    from_middle = np.arange(Halver.TAPS) - (Halver.TAPS - 1) / 2
    taps = np.sinc(from_middle / 2 * 0.93) * np.kaiser(Halver.TAPS, 6.0)
    kept: Floats = (taps / taps.sum()).astype(np.float32)
    return kept


def resample(samples: Samples, rate_in: int, rate_out: int) -> Samples:
    """A whole recording at once."""
    return Resampler(rate_in, rate_out).convert(samples, last=True)


def from_bytes(pcm: bytes) -> Samples:
    """s16 little-endian bytes as samples; an odd last byte is dropped."""
    return np.frombuffer(pcm[: len(pcm) & ~1], dtype="<i2").astype(np.int16, copy=False)


def to_bytes(samples: Samples) -> bytes:
    """Samples as s16 little-endian bytes."""
    return samples.astype("<i2", copy=False).tobytes()


def from_frame(frame: av.AudioFrame) -> Samples:
    """The samples of a decoded mono s16 frame."""
    return np.asarray(frame.to_ndarray(), np.int16).reshape(-1)


def to_floats(samples: Samples) -> Floats:
    """-1..1, as the models take it."""
    return samples.astype(np.float32) / 32768.0


def to_samples(floats: Floats) -> Samples:
    """Back to s16, clipped."""
    clipped: Samples = np.clip(np.rint(floats * 32768.0), -32768, 32767).astype(np.int16)
    return clipped


def from_law(data: bytes, law: Law) -> bytes:
    """G.711 to s16."""
    return audioop.ulaw2lin(data, 2) if law == "ulaw" else audioop.alaw2lin(data, 2)


def to_law(pcm: bytes, law: Law) -> bytes:
    """s16 to G.711."""
    return audioop.lin2ulaw(pcm, 2) if law == "ulaw" else audioop.lin2alaw(pcm, 2)


def level(samples: Samples) -> float:
    """Loudness in dB below full scale; -96 for silence."""
    if not len(samples):
        return -96.0
    power = float(np.mean(np.square(samples.astype(np.float32) / 32768.0)))
    return max(-96.0, 10 * float(np.log10(power + 1e-12)))


def peak(samples: Samples) -> int:
    """The largest amplitude."""
    return max(int(samples.max()), -int(samples.min())) if len(samples) else 0


def match_level(samples: Samples, target: float = -20.0, most: float = 12.0) -> Samples:
    """Bring speech to ``target`` dBFS (measured where it is not silent), never clipping."""
    absolute = np.abs(samples.astype(np.int32))
    peak = float(absolute.max(initial=0)) / 32768.0
    if not peak:
        return samples
    gain = min(target - level(samples[absolute > peak * 32768 * 0.05]), most)
    factor = min(10 ** (gain / 20), 0.97 / peak)
    return to_samples(to_floats(samples) * np.float32(factor))


def amplify(samples: Samples, gain_db: float) -> Samples:
    """Louder or softer, clipped at full scale."""
    if not gain_db:
        return samples
    return to_samples(to_floats(samples) * np.float32(10 ** (gain_db / 20)))
