"""The voice detector hears voice, and nothing else."""

import numpy as np
import pytest

from tests.voice.speaking import noise, ringback, say, silence
from voice import vad
from voice.audio import STEP, Samples, resample, to_floats
from voice.vad import VoiceDetector


def probabilities(samples: Samples) -> list[float]:
    detector = VoiceDetector()
    steps = range(0, len(samples) - STEP + 1, STEP)
    return [detector.probability(to_floats(samples[i : i + STEP])) for i in steps]


def phone(samples: Samples) -> Samples:
    return resample(resample(samples, 16_000, 8000), 8000, 16_000)


def test_speech_over_the_phone_is_voice() -> None:
    heard = probabilities(phone(say("我要投诉楼下的餐馆半夜还在营业,声音特别大")))
    assert np.mean(np.array(heard) > 0.5) > 0.7


@pytest.mark.parametrize("sound", [silence(3), noise(3), noise(3, 2000), ringback(6)])
def test_silence_noise_and_ringback_are_not(sound: Samples) -> None:
    assert max(probabilities(sound)) < 0.35


def test_state_is_kept_between_steps_and_not_shared() -> None:
    sound = say("您好您好")
    assert probabilities(sound) == probabilities(sound)
    busy, fresh = VoiceDetector(), VoiceDetector()
    for i in range(0, len(sound) - STEP, STEP):
        busy.probability(to_floats(sound[i : i + STEP]))
    step = to_floats(sound[STEP : 2 * STEP])
    assert busy.probability(step) != fresh.probability(step)


def test_several_lines_at_once_are_the_same_as_one_by_one() -> None:
    sound = np.stack(
        [to_floats(say(text)[: 20 * STEP]) for text in ("楼下半夜施工", "是的我要投诉")]
    )
    both = [VoiceDetector(), VoiceDetector()]
    together = [
        vad.probabilities(both, sound[:, at : at + STEP]) for at in range(0, 20 * STEP, STEP)
    ]
    for line, row in enumerate(sound):
        single = probabilities(np.rint(row * 32768).astype(np.int16))
        assert [found[line] for found in together] == pytest.approx(single, abs=1e-5)


def test_a_step_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="512"):
        VoiceDetector().probability(np.zeros(160, np.float32))
