"""The ear on a line that echoes our own voice, with noise, and with a caller who cuts in."""

from collections.abc import Sequence

import numpy as np
import pytest

from tests.voice.speaking import say
from voice.audio import Floats, Samples, resample, to_bytes
from voice.ear import Ear
from voice.hearing import BARGE_IN_SECONDS
from voice.segments import VoiceContinued, VoiceStarted, VoiceStopped
from voice.vad import VoiceDetector, probabilities

RATE = 8000
OURS = resample(
    say("您好,这里是广州一二三四五,我是智能语音助手,请问您要反映或咨询什么事"), 16_000, RATE
)


class Line:
    """A second of silence, then ``OURS``, sent back 80 ms later and softer, with what is added."""

    def __init__(self, added: Samples, echo: float = 0.1) -> None:
        late, before = int(0.08 * RATE), np.zeros(RATE, np.int16)
        sound = added.astype(np.float32)
        sound[late:] += OURS[: len(sound) - late] * echo
        self.sound = np.concatenate([before, sound.astype(np.int16)])
        self.ours = np.concatenate([before, OURS])
        self.at = 0
        self.ear = Ear(RATE, self.played)

    def played(self) -> bytes:
        return to_bytes(self.ours[max(0, self.at - RATE) : self.at])

    def cuts_in_at(self) -> float | None:
        """The second of ours at which it would stop, or None."""
        while self.at + 160 <= len(self.sound):
            self.at += 160
            for event in self.ear.hear(to_bytes(self.sound[self.at - 160 : self.at])):
                if isinstance(event, VoiceContinued) and event.seconds >= BARGE_IN_SECONDS:
                    return self.at / RATE - 1.0
        return None


def quiet() -> Samples:
    return np.zeros(len(OURS), np.int16)


@pytest.mark.parametrize("echo", [0.5, 0.1, 0.02])
def test_our_own_voice_coming_back_does_not_silence_us(echo: float) -> None:
    assert Line(quiet(), echo).cuts_in_at() is None


@pytest.mark.parametrize("seed", [4, 7, 14])
def test_nor_does_it_under_a_street_louder_than_itself(seed: int) -> None:
    """From the first words on, which the detector hears in pieces, and not all of them as voice."""
    white = np.random.default_rng(seed).normal(0, 1, len(OURS))
    rumble = np.convolve(white, np.ones(16) / 16, "same")
    street = (rumble * np.abs(OURS).mean() / np.abs(rumble).mean() * 10**-0.5).astype(np.int16)
    assert Line(street).cuts_in_at() is None


@pytest.mark.parametrize("echo", [0.0, 0.1])
def test_a_caller_does_within_four_tenths_of_a_second(echo: float) -> None:
    theirs = resample(say("不对不对,我说的是另外一件事", "cmn+f2"), 16_000, RATE)
    added, begins = quiet(), int(1.5 * RATE)
    added[begins : begins + len(theirs)] = theirs[: len(added) - begins]
    first = int(np.argmax(np.abs(theirs.astype(int)) > 500)) / RATE
    at = Line(added, echo).cuts_in_at()
    assert at is not None
    assert BARGE_IN_SECONDS <= at - 1.5 - first <= 0.4


def test_an_utterance_has_its_beginning_and_its_end() -> None:
    ear = Ear(RATE, lambda: None)
    said = resample(say("楼下半夜施工"), 16_000, RATE)
    sound = np.concatenate([np.zeros(RATE, np.int16), said, np.zeros(2 * RATE, np.int16)])
    heard = [
        event
        for at in range(0, len(sound), 240)
        for event in ear.hear(to_bytes(sound[at : at + 240]))
    ]
    stopped = [event for event in heard if isinstance(event, VoiceStopped)]
    assert isinstance(heard[0], VoiceStarted)
    assert len(stopped) == 1
    assert len(stopped[0].samples) > 2 * len(said)
    assert not ear.speaking


def test_after_a_silence_in_which_the_detector_rests_the_first_word_is_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ear, looked = Ear(RATE, lambda: None), 0

    def counted(detectors: Sequence[VoiceDetector], steps: Floats) -> list[float]:
        nonlocal looked
        looked += len(steps)
        return probabilities(detectors, steps)

    monkeypatch.setattr("voice.ear.probabilities", counted)
    said = resample(say("是"), 16_000, RATE)
    sound = np.concatenate([np.full(10 * RATE, 8, np.int16), said, np.zeros(2 * RATE, np.int16)])
    heard = [
        event
        for at in range(0, len(sound), 160)
        for event in ear.hear(to_bytes(sound[at : at + 160]))
    ]
    [stopped] = [event for event in heard if isinstance(event, VoiceStopped)]
    assert len(stopped.samples) > 2 * len(said) - 512
    assert looked < 80
