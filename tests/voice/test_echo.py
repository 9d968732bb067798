"""Our own voice coming back is told from a caller's."""

import numpy as np

from tests.voice.speaking import say
from voice.audio import Samples, resample
from voice.echo import FIRST_THRESHOLD, HEARD_SECONDS, PLAYED_SECONDS, sharpened, similarity

RATE = 8000
HEARD, PLAYED = int(HEARD_SECONDS * RATE), int(PLAYED_SECONDS * RATE)


def phone(text: str, voice: str = "cmn") -> Samples:
    return resample(say(text, voice), 16_000, RATE)


def shares(heard: Samples, played: Samples) -> float:
    """The share of windows that look like echo on a line that has not echoed so far."""
    heard, played = sharpened(heard), sharpened(played)
    windows = range(PLAYED, min(len(heard), len(played)), HEARD)
    loud = [end for end in windows if np.abs(heard[end - HEARD : end]).max() > 30]
    found = [similarity(heard[end - HEARD : end], played[end - PLAYED : end]) for end in loud]
    return float(np.mean(np.array(found) >= FIRST_THRESHOLD))


OURS = phone("您好,这里是广州一二三四五,我是智能语音助手,请问您要反映或咨询什么事")
THEIRS = phone("我要投诉楼下的餐馆每天半夜还在营业,油烟特别大", "cmn+f3")


def echo(decibels: float) -> Samples:
    """Our voice coming back on two paths."""
    sound = np.zeros_like(OURS)
    for delay, share in ((0.06, 0.7), (0.1, 0.3)):
        lag = int(delay * RATE)
        sound[lag:] += (OURS[:-lag] * share * 10 ** (decibels / 20)).astype(np.int16)
    return sound


def test_echo_of_any_level_looks_like_echo() -> None:
    for decibels in (-10, -20, -30):
        assert shares(echo(decibels), OURS) > 0.85


def test_echo_under_a_street_that_is_louder_still_does() -> None:
    random = np.random.default_rng(7).normal(0, 1, len(OURS))
    street = np.convolve(random, np.ones(16), "same")
    street *= np.abs(OURS).mean() / np.abs(street).mean() / 10 ** (10 / 20)
    assert shares((echo(-20) + street).astype(np.int16), OURS) > 0.5


def test_a_caller_over_our_voice_does_not() -> None:
    assert shares(THEIRS, OURS) < 0.1


def test_silence_and_short_sounds_are_no_echo() -> None:
    assert similarity(np.zeros(HEARD, np.int16), OURS[:PLAYED]) == 0.0
    assert similarity(OURS[:PLAYED], OURS[:HEARD]) == 0.0
    assert similarity(np.zeros(0, np.int16), OURS[:PLAYED]) == 0.0
