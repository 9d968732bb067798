"""Is it our own voice that comes back? Pure.

The voice detector fires on our prompt echoed at -40 dB; the shape of the sound tells it from
a caller: the normalised correlation of what was heard with what was just played. Sharpened (the
high tones raised), two voices are less alike (99 in 100 windows of another voice below 0.36) and
the echo stands out of a street's rumble that is louder than itself (95 in 100 above 0.36).
"""

import numpy as np

from voice.audio import Samples

HEARD_SECONDS = 0.256
PLAYED_SECONDS = 0.606
FIRST_THRESHOLD = 0.45  # of sharpened sound, on a line that has not echoed so far
THRESHOLD = 0.3  # of sharpened sound, on a line that is known to echo
NOISY_THRESHOLD = 0.2  # there, of the sound as it is, for what is softer than we are
SOFTER_DB = 6.0
LOUDEST = 0.7  # of our voice's peak: no line sends it back louder than that
_BLOCK = 1024  # samples; a multiple of it is quickly transformed


def sharpened(samples: Samples) -> Samples:
    """The high tones of speech raised to the strength of the low ones."""
    sound = samples.astype(np.float32)
    sound[1:] -= 0.95 * sound[:-1].copy()
    return np.clip(sound, -32768, 32767).astype(np.int16)


def similarity(heard: Samples, played: Samples) -> float:
    """0..1: the best normalised correlation of ``heard`` with any stretch of ``played``.

    Both at one rate; ``played`` is at least as long as ``heard`` and ends when it ends.
    """
    if len(played) < len(heard) or not len(heard):
        return 0.0
    a = heard.astype(np.float32)
    b = played.astype(np.float32)
    a -= a.mean()
    b -= b.mean()
    energy = float(np.sqrt(np.dot(a, a)))
    if energy < 1.0:
        return 0.0
    size = -(-len(b) // _BLOCK) * _BLOCK  # what wraps around falls on lags that are not looked at
    spectrum = np.fft.rfft(b, size) * np.conj(np.fft.rfft(a, size))
    lags = len(b) - len(a) + 1
    products = np.fft.irfft(spectrum, size)[:lags]
    sums = np.concatenate(([0.0], np.cumsum(b * b, dtype=np.float64)))
    energies = np.sqrt(np.maximum(sums[len(a) :] - sums[:lags], 1.0))
    return float(np.max(np.abs(products) / energies)) / energy
