"""What is written down of each turn."""

import numpy as np

from bot.rules.session import Outcome, Reply, Status
from voice.report import Reporter
from voice.segments import VoiceStopped
from voice.signals import Answered, Ask, Say, SoundBegan, Transcribed, Transcript
from voice.timing import TurnReport

STOPPED = VoiceStopped(1, np.zeros(16_000, np.int16), 0.8, 0.9)


def test_words_that_fill_the_wait_are_not_the_answer() -> None:
    rows: list[TurnReport] = []
    reporter = Reporter(rows.append)
    reporter.note(STOPPED, 10.0)
    reporter.note(Say(0, 1, ("请稍等",), filler=True), 10.05)  # the words are not known yet
    reporter.note(Transcribed(1, 1, Transcript("问", 0.9, "zh", stt_ms=150.0)), 10.1)
    reporter.note(Ask(2, "问", 0.9), 10.1)
    reporter.note(Say(1, 2, ("请稍等",), filler=True), 12.6)
    reporter.note(SoundBegan(1), 12.7)
    assert not rows
    reporter.note(Answered(2, Outcome("u", Status.ANSWERED, (Reply("答"),))), 13.0)
    reporter.note(Say(2, 2, ("答",)), 13.0)
    reporter.note(SoundBegan(2), 13.1)
    [row] = [report.row() for report in rows]
    assert (row["heard"], row["said"], row["status"]) == ("问", ["答"], "answered")
    assert row["timings_ms"] == {
        "end_of_speech": 900.0,
        "stt": 150.0,
        "words_after_end": 100.0,
        "dialogue": 2900.0,
        "voice": 100.0,
        "first_sound": 4000.0,
    }


def test_what_was_not_caught_is_reported_with_its_times() -> None:
    rows: list[TurnReport] = []
    reporter = Reporter(rows.append)
    reporter.note(STOPPED, 10.0)
    reporter.note(Say(1, 1, ("没听清",)), 10.2)
    reporter.note(SoundBegan(1), 10.3)
    [row] = [report.row() for report in rows]
    assert (row["heard"], row["said"]) == ("", ["没听清"])
    assert row["timings_ms"]["first_sound"] == 1200.0
