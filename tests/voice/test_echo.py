"""Our own voice coming back is told from a caller's."""

import numpy as np

from tests.voice.speaking import say
from voice.audio import Samples, resample
from voice.echo import HEARD_SECONDS, PLAYED_SECONDS, THRESHOLD, similarity

RATE = 8000
HEARD, PLAYED = int(HEARD_SECONDS * RATE), int(PLAYED_SECONDS * RATE)


def phone(text: str, voice: str = "cmn") -> Samples:
    return resample(say(text, voice), 16_000, RATE)


def shares(heard: Samples, played: Samples) -> float:
    """The share of windows that look like echo."""
    windows = range(PLAYED, min(len(heard), len(played)), HEARD)
    loud = [end for end in windows if np.abs(heard[end - HEARD : end]).max() > 30]
    found = [similarity(heard[end - HEARD : end], played[end - PLAYED : end]) for end in loud]
    return float(np.mean(np.array(found) >= THRESHOLD))


OURS = phone("您好,这里是广州一二三四五,我是智能语音助手,请问您要反映或咨询什么事")
THEIRS = phone("我要投诉楼下的餐馆每天半夜还在营业,油烟特别大", "cmn+f3")


def test_echo_of_any_level_looks_like_echo() -> None:
    for decibels in (-10, -20, -30):
        echo = np.zeros_like(OURS)
        for delay, share in ((0.06, 0.7), (0.1, 0.3)):  # two paths
            lag = int(delay * RATE)
            echo[lag:] += (OURS[:-lag] * share * 10 ** (decibels / 20)).astype(np.int16)
        assert shares(echo, OURS) > 0.85


def test_a_caller_over_our_voice_does_not() -> None:
    assert shares(THEIRS, OURS) < 0.1


def test_silence_and_short_sounds_are_no_echo() -> None:
    assert similarity(np.zeros(HEARD, np.int16), OURS[:PLAYED]) == 0.0
    assert similarity(OURS[:PLAYED], OURS[:HEARD]) == 0.0
    assert similarity(np.zeros(0, np.int16), OURS[:PLAYED]) == 0.0
