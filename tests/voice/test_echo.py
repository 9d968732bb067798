"""Our own voice coming back is told from a caller's."""

import numpy as np

from tests.voice.speaking import say
from voice.audio import Samples, resample
from voice.echo import (
    AGREED,
    HEARD_SECONDS,
    PLAYED_SECONDS,
    RATE,
    SURE,
    EchoPath,
    sharpened,
    similarity,
)

HEARD, PLAYED = int(HEARD_SECONDS * RATE), int(PLAYED_SECONDS * RATE)


def phone(text: str, voice: str = "cmn") -> Samples:
    return resample(say(text, voice), 16_000, RATE)


def shares(heard: Samples, played: Samples) -> float:
    """The share of windows that look like echo on a line that has not echoed so far."""
    heard, played = sharpened(heard), sharpened(played)
    windows = range(PLAYED, min(len(heard), len(played)), HEARD)
    loud = [end for end in windows if np.abs(heard[end - HEARD : end]).max() > 30]
    found = [similarity(heard[end - HEARD : end], played[end - PLAYED : end]) for end in loud]
    return float(np.mean(np.array(found) >= SURE))


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


def carried(heard: Samples, path: EchoPath, *, behind: int = 0) -> list[bool]:
    """Which windows a path takes for echo, in order, as a call's ear shows them."""
    ends = [end for end in range(PLAYED, len(heard) - behind, 256) if loud(heard, end)]
    found = []
    for end in ends:
        path.wait()
        played = OURS[end + behind - PLAYED : end + behind]
        found.append(path.carries(heard[end - HEARD : end], played, behind))
    return found


def loud(sound: Samples, end: int) -> bool:
    return bool(np.abs(sound[end - HEARD : end]).max() > 30)


def street(seed: int, decibels: float) -> Samples:
    """A street's rumble, so much softer than our voice."""
    random = np.random.default_rng(seed).normal(0, 1, len(OURS))
    rumble = np.convolve(random, np.ones(16), "same")
    loudness = np.abs(OURS).mean() / np.abs(rumble).mean() / 10 ** (decibels / 20)
    return (rumble * loudness).astype(np.int16)


def test_a_line_that_echoes_is_learned_and_then_believed_under_a_street() -> None:
    for seed in range(3):
        path = EchoPath()
        found = carried(echo(-20) + street(seed, 10), path)
        assert path.known
        assert np.mean(found[found.index(True) :]) > 0.9


def test_what_came_in_late_shifts_no_lag() -> None:
    path = EchoPath()
    carried(echo(-20), path)
    for behind in (0, 64, 160):  # a frame more or less, and what waits for the next look
        assert np.mean(carried(echo(-20), path, behind=behind)) > 0.95


def test_a_soft_caller_on_a_line_that_echoes_is_none() -> None:
    path = EchoPath()
    carried(echo(-20), path)
    length = min(len(THEIRS), len(OURS))
    soft = (THEIRS[:length] * 0.7).astype(np.int16)
    assert np.mean(carried(soft, path)) < 0.1
    assert np.mean(carried(soft + echo(-20)[:length], path)) < 0.5


def test_who_cuts_in_over_a_clear_echo_is_heard_in_the_newest_half() -> None:
    path = EchoPath()
    carried(echo(-20), path)
    end = next(end for end in range(2 * PLAYED, len(OURS), 256) if loud(OURS, end - HEARD // 2))
    at = min(int(np.abs(THEIRS).argmax()), len(THEIRS) - HEARD)
    voice = THEIRS[at : at + HEARD // 2]
    heard = echo(-20)[end - HEARD : end]
    played = OURS[end - PLAYED : end]
    assert path.carries(heard, played)
    heard[HEARD // 2 :] += (voice * 0.3).astype(np.int16)
    assert not path.carries(heard, played)


def test_a_line_that_echoes_no_more_is_forgotten() -> None:
    path = EchoPath()
    carried(echo(-20), path)
    for _ in range(100):
        path.wait()
    assert not path.known


def test_both_halves_tell_an_echo_that_is_not_sure_alone() -> None:
    under = echo(-20) + street(7, 10)
    path, sure, unsure = EchoPath(), 0, 0
    for end in range(PLAYED, len(under), 256):
        alike = similarity(sharpened(under[end - HEARD : end]), sharpened(OURS[end - PLAYED : end]))
        if loud(OURS, end) and AGREED <= alike < SURE:
            unsure += 1
            path = EchoPath()
            sure += path.carries(under[end - HEARD : end], OURS[end - PLAYED : end])
    assert unsure > 5
    assert sure / unsure > 0.5
