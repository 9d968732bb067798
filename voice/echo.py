"""Is it our own voice that comes back? Pure.

The voice detector fires on our prompt echoed at -40 dB; the shape of the sound tells it from
a caller: the normalised correlation of what was heard with what was just played.
"""

import numpy as np

from voice.audio import Samples

HEARD_SECONDS = 0.256
PLAYED_SECONDS = 0.606
THRESHOLD = 0.45
FIRST_THRESHOLD = 0.6  # on a line that has not echoed so far, for what is softer than we are
LOUD_THRESHOLD = 0.85  # there, for what is as loud: two voices can be as like as 0.7
NOISY_THRESHOLD = 0.2  # on a line that is known to echo, for what is softer than we are
SOFTER_DB = 6.0


def similarity(heard: Samples, played: Samples) -> float:
    """0..1: the best normalised correlation of ``heard`` with any stretch of ``played``.

    Both at one rate; ``played`` is at least as long as ``heard`` and ends when it ends.
    """
    if len(played) < len(heard) or not len(heard):
        return 0.0
    a = heard.astype(np.float32) - heard.mean()
    b = played.astype(np.float32) - played.mean()
    energy = float(np.sqrt(np.sum(a * a)))
    if energy < 1.0:
        return 0.0
    size = 1 << (len(b) + len(a) - 1).bit_length()
    spectrum = np.fft.rfft(b, size) * np.conj(np.fft.rfft(a, size))
    lags = len(b) - len(a) + 1
    products = np.fft.irfft(spectrum, size)[:lags]
    sums = np.concatenate(([0.0], np.cumsum(b.astype(np.float64) ** 2)))
    energies = np.sqrt(np.maximum(sums[len(a) :] - sums[:lags], 1.0))
    return float(np.max(np.abs(products) / (energy * energies)))
