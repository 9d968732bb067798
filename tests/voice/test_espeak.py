"""The local voice, with the real library."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from bot.rules.errors import Rejected
from voice.espeak import synthesize

TEXT = "天河区车陂路"


def test_every_character_begins_somewhere() -> None:
    speech = synthesize(TEXT)
    assert [event.text_position for event in speech.events] == list(range(len(TEXT)))
    begins = [event.sample for event in speech.events]
    assert begins == sorted(begins)
    assert begins[-1] < len(speech.samples)
    assert speech.samples.dtype == np.int16
    assert np.abs(speech.samples.astype(int)).max() > 3000


def test_rate_changes_the_length() -> None:
    assert synthesize(TEXT, rate=120).seconds > 1.5 * synthesize(TEXT, rate=300).seconds


def test_voices_differ() -> None:
    assert not np.array_equal(synthesize(TEXT).samples, synthesize(TEXT, "cmn+f3").samples)
    assert synthesize(TEXT, "yue").seconds > 0.5


def test_nothing_to_say_is_silence() -> None:
    assert synthesize(" ").samples.size == 0


def test_bad_input_is_rejected() -> None:
    with pytest.raises(Rejected, match="voice"):
        synthesize(TEXT, "nowhere")
    with pytest.raises(Rejected, match="text"):
        synthesize("a\0b")


def test_threads_do_not_mix() -> None:
    voices = ["cmn", "cmn+f2", "yue"] * 8
    alone = {voice: len(synthesize(TEXT, voice).samples) for voice in set(voices)}
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda voice: len(synthesize(TEXT, voice).samples), voices))
    # espeak-ng itself carries a phase of a few samples from one text to the next
    assert together == pytest.approx([alone[voice] for voice in voices], rel=0.02)
