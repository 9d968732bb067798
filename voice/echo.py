"""Is it our own voice that comes back? Pure.

The voice detector fires on our prompt echoed at -40 dB; the shape of the sound tells it from
a caller: the normalised correlation of what was heard with what was just played. Sharpened (the
high tones raised), two voices are less alike (99 in 100 windows of another voice below 0.36) and
the echo stands out of a street's rumble that is louder than itself (95 in 100 above 0.35).

An echo is always as late as the last one: where both halves of a window are most alike at one lag
it is an echo (95 in 100 windows under that rumble, 1 in 200 of another voice), and once the lag
is known, a voice is like ours there by chance only (99 in 100 windows below 0.16).
"""

import numpy as np
import numpy.typing as npt

from voice.audio import Samples, level, peak

RATE = 8000
HEARD_SECONDS = 0.256
PLAYED_SECONDS = 0.606
SURE = 0.45  # at any lag,
SURE_SOFT = 0.36  # and of a sound that is as soft as an echo
SOFTER_DB = 8.0
AGREED = 0.25  # where both halves tell the same lag
LEAST = 0.2  # at the lag that is known,
SHARE = 0.45  # or this much of what is usual there, if that is more: a clean line's echo is clear
CLEAR = 0.7  # usual on a line without noise: there the newest half has to be like ours as well,
NEWEST = 0.7  # so much of what is enough for the whole, or a caller has begun
LOUDEST = 0.7  # of our voice's peak: no line sends it back louder than that
_NEAR = 8  # samples: a millisecond
_FRAME = RATE // 50
_ECHOING_STEPS = 100  # how long a line that echoed is taken to echo on: 3 s of voice
_USUAL = 0.05  # how much of what is usual each step makes
_BLOCK = 1024  # samples; a multiple of it is quickly transformed


class EchoPath:
    """How our voice comes back on one line, learned within the call."""

    def __init__(self) -> None:
        self._lag = 0  # samples
        self._usual = 0.0
        self._steps = 0

    @property
    def known(self) -> bool:
        """Whether the line has echoed lately."""
        return self._steps > 0

    def wait(self) -> None:
        """A step of voice passes."""
        self._steps -= 1

    def carries(self, heard: Samples, played: Samples, behind: int = 0) -> bool:
        """Whether ``heard`` (`HEARD_SECONDS`) is of ``played``, which ended ``behind`` samples
        after it.

        Which of two frames was there first, the one that came or the one that went out, is chance:
        a lag may be one frame off.
        """
        if len(played) < len(heard) or peak(heard) > LOUDEST * peak(played):
            return False
        soft = level(heard) < level(played) - SOFTER_DB
        heard, played = sharpened(heard), sharpened(played)
        alike = likeness(heard, played)
        if self.known:
            lags = [_nearest(alike, self._lag + behind + off) for off in (-_FRAME, 0, _FRAME)]
            lag = max(lags, key=lambda lag: alike[lag])
            if alike[lag] >= LEAST:
                return self._echoes(float(alike[lag]), _newest(heard, played, lag))
        lag = int(alike.argmax())
        best = float(alike[lag])
        if best < (SURE_SOFT if soft else SURE) and not (
            best >= AGREED and _agreed(heard, played, lag)
        ):
            return False
        self._lag, self._usual, self._steps = lag - behind, best, _ECHOING_STEPS
        return True

    def _echoes(self, alike: float, newest: float) -> bool:
        """Whether a window so much alike at the line's own lag, and its newest half so much, is
        echo and nothing else."""
        enough = max(LEAST, SHARE * self._usual)
        self._usual += _USUAL * (alike - self._usual)
        begun = self._usual >= CLEAR and newest < NEWEST * enough
        if alike < enough or begun:
            return False
        self._steps = _ECHOING_STEPS
        return True


def _nearest(alike: npt.NDArray[np.float64], lag: int) -> int:
    """The lag of most likeness within a millisecond of ``lag``."""
    first = min(max(0, lag - _NEAR), len(alike) - 1)
    return first + int(alike[first : max(first + 1, lag + _NEAR + 1)].argmax())


def _newest(heard: Samples, played: Samples, lag: int) -> float:
    """How much the newest half of ``heard`` is like what was played ``lag`` before it."""
    half, end = len(heard) // 2, len(played) - lag
    return similarity(heard[half:], played[end - (len(heard) - half) : end])


def _agreed(heard: Samples, played: Samples, lag: int) -> bool:
    """Whether each half of ``heard`` alone is most alike at that lag as well."""
    half = len(heard) // 2
    first = int(likeness(heard[:half], played[: len(played) - half]).argmax())
    second = int(likeness(heard[half:], played[half:]).argmax())
    return max(abs(first - lag), abs(second - lag)) <= _NEAR // 2


def sharpened(samples: Samples) -> Samples:
    """The high tones of speech raised to the strength of the low ones."""
    sound = samples.astype(np.float32)
    sound[1:] -= 0.95 * sound[:-1].copy()
    return np.clip(sound, -32768, 32767).astype(np.int16)


def similarity(heard: Samples, played: Samples) -> float:
    """0..1: the most of `likeness` at any lag."""
    return float(likeness(heard, played).max())


def likeness(heard: Samples, played: Samples) -> npt.NDArray[np.float64]:
    """0..1 for each lag from none to the most there is: the normalised correlation of ``heard``
    with that stretch of ``played``, which is at least as long and ends when it ends.
    """
    a = heard.astype(np.float32)
    b = played.astype(np.float32)
    lags = len(b) - len(a) + 1
    if lags < 1 or not len(a):
        return np.zeros(1)
    a -= a.mean()
    b -= b.mean()
    energy = float(np.sqrt(np.dot(a, a)))
    if energy < 1.0:
        return np.zeros(lags)
    size = -(-len(b) // _BLOCK) * _BLOCK  # what wraps around falls on lags that are not looked at
    spectrum = np.fft.rfft(b, size) * np.conj(np.fft.rfft(a, size))
    products = np.fft.irfft(spectrum, size)[:lags]
    sums = np.concatenate(([0.0], np.cumsum(b * b, dtype=np.float64)))
    energies = np.sqrt(np.maximum(sums[len(a) :] - sums[:lags], 1.0))
    found: npt.NDArray[np.float64] = (np.abs(products) / energies / energy)[::-1]
    return found
