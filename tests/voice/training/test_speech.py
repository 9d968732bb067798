"""Speech for training, with the real voice."""

import numpy as np
import pytest

from voice.training.sentences import Sentence
from voice.training.speech import HELD_OUT, RATE, VOICES, Speaker, telephone

SENTENCE = Sentence("address", "天河区,车陂路A口")


def test_every_character_has_its_place_in_order() -> None:
    spoken = Speaker(1).say(SENTENCE)
    assert len(spoken.places) == len(SENTENCE.text)
    begins = [begin for begin, _ in spoken.places]
    assert begins == sorted(begins)
    assert all(begin < end for begin, end in spoken.places)
    assert spoken.places[-1][1] <= len(spoken.samples) / RATE


def test_the_characters_are_where_the_sound_is() -> None:
    spoken = Speaker(2).say(SENTENCE)
    begin, end = int(spoken.places[0][0] * RATE), int(spoken.places[-1][1] * RATE)
    inside = np.abs(spoken.samples[begin:end]).mean()
    assert inside > 20 * np.abs(spoken.samples[: max(begin - 400, 1)]).mean()


def test_the_same_seed_speaks_in_the_same_voice() -> None:
    first, second = Speaker(3).say(SENTENCE), Speaker(3).say(SENTENCE)
    assert len(first.samples) == pytest.approx(len(second.samples), abs=200)
    assert len(Speaker(4).say(SENTENCE).samples) != len(first.samples)


def test_noise_has_the_wanted_level() -> None:
    speaker = Speaker(5)
    clean = speaker.say(SENTENCE).samples
    noise = speaker.add_noise(clean, 10.0) - clean
    decibels = 10 * np.log10(np.mean(clean**2) / np.mean(noise**2))
    assert decibels == pytest.approx(10.0, abs=0.5)


def test_the_telephone_carries_no_high_sound() -> None:
    time = np.arange(RATE, dtype=np.float32) / RATE
    high = telephone((0.5 * np.sin(2 * np.pi * 6000 * time)).astype(np.float32))
    low = telephone((0.5 * np.sin(2 * np.pi * 1000 * time)).astype(np.float32))
    assert np.sqrt(np.mean(high**2)) < 0.02
    assert np.abs(low).max() == pytest.approx(0.5, abs=0.05)


def test_the_line_keeps_length_and_range() -> None:
    speaker = Speaker(6)
    for _ in range(10):
        clean = speaker.say(SENTENCE).samples
        heard = speaker.line(clean)
        assert abs(len(heard) - len(clean)) <= 2
        assert np.abs(heard).max() <= 1.0


def test_held_out_voices_are_not_taught() -> None:
    assert not set(VOICES) & set(HELD_OUT)
