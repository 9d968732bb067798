"""Where an utterance begins and ends."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.audio import STEP, STEP_SECONDS
from voice.segments import (
    END_SECONDS,
    Expectation,
    Heard,
    Segmenter,
    VoiceContinued,
    VoiceLasted,
    VoicePaused,
    VoiceResumed,
    VoiceStarted,
    VoiceStopped,
)

VOICE, QUIET = 0.9, 0.02


def steps(seconds: float) -> int:
    return round(seconds / STEP_SECONDS)


def feed(segmenter: Segmenter, probability: float, seconds: float, value: int = 0) -> list[Heard]:
    step = np.full(STEP, value, np.int16)
    return [e for _ in range(steps(seconds)) for e in segmenter.step(step, probability)]


def only(events: list[Heard], kind: type) -> list[Heard]:
    return [event for event in events if isinstance(event, kind)]


def test_the_first_syllable_is_kept() -> None:
    segmenter = Segmenter()
    feed(segmenter, QUIET, 2.0, value=1)
    feed(segmenter, VOICE, 0.5, value=2)
    [stopped] = only(feed(segmenter, QUIET, 2.0, value=3), VoiceStopped)
    assert isinstance(stopped, VoiceStopped)
    before = int(np.sum(stopped.samples == 1)) / 16_000
    assert 0.35 <= before <= 0.5
    assert np.sum(stopped.samples == 2) == steps(0.5) * STEP


@pytest.mark.parametrize("expectation", list(Expectation))
def test_the_pause_that_ends_depends_on_what_is_expected(expectation: Expectation) -> None:
    segmenter = Segmenter(expectation=expectation)
    feed(segmenter, VOICE, 1.0)
    end = END_SECONDS[expectation]
    assert not only(feed(segmenter, QUIET, end - 0.07), VoiceStopped)
    assert only(feed(segmenter, QUIET, 0.14), VoiceStopped)


def test_digits_in_groups_are_one_utterance() -> None:
    segmenter = Segmenter(expectation=Expectation.DIGITS)
    events: list[Heard] = []
    for _ in range(3):
        events += feed(segmenter, VOICE, 0.8)
        events += feed(segmenter, QUIET, 1.0)
    events += feed(segmenter, QUIET, 2.0)
    assert len(only(events, VoiceStarted)) == 1
    assert len(only(events, VoiceStopped)) == 1
    assert len(only(events, VoiceResumed)) == 2


@pytest.mark.parametrize("pause", [0.1, 0.3, 0.6, 1.0, 1.4])
def test_of_a_long_pause_inside_only_the_ends_are_kept(pause: float) -> None:
    segmenter = Segmenter(expectation=Expectation.DIGITS)
    feed(segmenter, VOICE, 0.8, value=1)
    feed(segmenter, QUIET, pause / 2, value=2)
    feed(segmenter, QUIET, pause / 2, value=3)
    feed(segmenter, VOICE, 0.8, value=4)
    [stopped] = only(feed(segmenter, QUIET, 2.0, value=5), VoiceStopped)
    assert isinstance(stopped, VoiceStopped)
    assert stopped.samples.tolist() == sorted(stopped.samples)
    count = {value: int(np.sum(stopped.samples == value)) // STEP for value in range(1, 6)}
    assert count[1] == count[4] == steps(0.8)
    assert count[2] == count[3] == min(steps(pause / 2), 6)


def test_a_slow_speaker_gets_longer() -> None:
    segmenter = Segmenter(expectation=Expectation.OPEN)
    before = segmenter.end_seconds
    for _ in range(3):
        feed(segmenter, VOICE, 0.6)
        feed(segmenter, QUIET, 0.7)
    assert segmenter.end_seconds > before
    assert segmenter.end_seconds <= 2.5


def test_each_pause_has_its_number_and_the_sound_so_far() -> None:
    segmenter = Segmenter()
    events = feed(segmenter, VOICE, 0.5)
    events += feed(segmenter, QUIET, 0.4)
    events += feed(segmenter, VOICE, 0.5)
    events += feed(segmenter, QUIET, 2.0)
    pauses = [e for e in events if isinstance(e, VoicePaused)]
    [stopped] = [e for e in events if isinstance(e, VoiceStopped)]
    assert [pause.attempt for pause in pauses] == [1, 2]
    assert stopped.attempt == 2
    assert len(pauses[0].samples) < len(pauses[1].samples) <= len(stopped.samples)


def test_one_short_syllable_is_heard_and_a_click_is_not() -> None:
    assert not feed(Segmenter(), VOICE, 0.032) + feed(Segmenter(), QUIET, 2.0)
    segmenter = Segmenter(expectation=Expectation.YES_NO)
    events = feed(segmenter, VOICE, 0.16) + feed(segmenter, QUIET, 1.0)
    assert only(events, VoiceStopped)


@pytest.mark.parametrize(
    ("expectation", "seconds"), [(Expectation.OPEN, 0.7), (Expectation.YES_NO, 0.4)]
)
def test_what_sounds_finished_needs_less_of_a_pause(
    expectation: Expectation, seconds: float
) -> None:
    segmenter = Segmenter(expectation=expectation)
    segmenter.finish()  # nobody has said anything
    feed(segmenter, VOICE, 1.0)
    segmenter.finish()  # nor paused
    assert segmenter.end_seconds == END_SECONDS[expectation]
    feed(segmenter, QUIET, 0.3)
    segmenter.finish()
    assert segmenter.end_seconds == seconds
    feed(segmenter, VOICE, 0.1)  # they were not
    assert segmenter.end_seconds / segmenter.patience == END_SECONDS[expectation]


def test_who_speaks_on_without_a_pause_is_looked_at_now_and_then() -> None:
    segmenter = Segmenter()
    looks = only(feed(segmenter, VOICE, 9.0), VoiceLasted)
    assert [look.attempt for look in looks if isinstance(look, VoiceLasted)] == [1, 2, 3, 4]
    assert all(len(look.samples) <= 5 * 16_000 for look in looks if isinstance(look, VoiceLasted))
    [paused] = only(feed(segmenter, QUIET, 0.3), VoicePaused)
    assert isinstance(paused, VoicePaused)
    assert paused.attempt == 5
    assert not only(feed(segmenter, VOICE, 1.5), VoiceLasted)


def test_who_never_stops_is_cut() -> None:
    segmenter = Segmenter()
    stops = only(feed(segmenter, VOICE, 90.0), VoiceStopped)
    assert len(stops) == 3
    assert all(isinstance(stop, VoiceStopped) and stop.cut for stop in stops)


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 60)), max_size=30))
def test_events_alternate_and_memory_is_bounded(script: list[tuple[float, int]]) -> None:
    segmenter = Segmenter()
    speaking = False
    for probability, count in script:
        for _ in range(count):
            for event in segmenter.step(np.zeros(STEP, np.int16), probability):
                if isinstance(event, VoiceStarted):
                    assert not speaking
                    speaking = True
                else:
                    assert speaking
                if isinstance(event, VoiceStopped):
                    speaking = False
                    assert len(event.samples) <= 29 * 16_000
                if isinstance(event, VoiceContinued):
                    assert event.seconds > 0
            assert segmenter.speaking is speaking


def test_a_soft_first_syllable_counts_for_an_interruption() -> None:
    segmenter, step = Segmenter(), np.zeros(512, np.int16)
    rising = [0.05, 0.25, 0.3, 0.4, 0.6, 0.7, 0.3, 0.2, 0.7, 0.8]
    heard = [event for p in rising for event in segmenter.step(step, p)]
    runs = [event.seconds for event in heard if isinstance(event, VoiceContinued)]
    assert runs[-1] == pytest.approx(9 * 0.032)


@given(st.lists(st.sampled_from([VOICE, 0.4, QUIET]), max_size=60))
def test_how_long_the_voice_will_be_is_known_a_step_before(likely: list[float]) -> None:
    segmenter = Segmenter()
    for probability in likely:
        speaking, next_run = segmenter.speaking, segmenter.next_run_seconds
        heard = segmenter.step(np.zeros(STEP, np.int16), probability)
        for event in heard:
            if speaking and isinstance(event, VoiceContinued):
                assert event.seconds == next_run
