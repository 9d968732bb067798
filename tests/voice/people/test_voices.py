"""Who speaks over whom."""

from voice.people.voices import Spoken, Voices


def test_one_after_the_other_is_no_speaking_over() -> None:
    voices = Voices("caller")
    voices.began("caller", 1.0)
    assert voices.ended("caller", 3.0, 1.8) == Spoken(1.8)
    voices.began("li", 3.5)
    assert voices.ended("li", 5.0, 1.4) == Spoken(1.4)


def test_who_sets_in_while_the_caller_speaks_speaks_over() -> None:
    voices = Voices("caller")
    voices.began("caller", 1.0)
    voices.began("li", 2.0)
    voices.ended("caller", 3.5, 2.5)
    assert voices.ended("li", 4.0, 2.0).over_seconds == 1.5


def test_also_while_the_caller_goes_on() -> None:
    voices = Voices("caller")
    voices.began("caller", 1.0)
    voices.began("li", 2.0)
    assert voices.ended("li", 4.0, 2.0).over_seconds == 2.0


def test_who_is_spoken_over_by_the_caller_does_not() -> None:
    voices = Voices("caller")
    voices.began("li", 1.0)
    voices.began("caller", 2.0)
    voices.ended("caller", 3.0, 1.0)
    assert voices.ended("li", 4.0, 3.0).over_seconds == 0.0


def test_an_earlier_utterance_is_not_counted() -> None:
    voices = Voices("caller")
    voices.began("caller", 0.0)
    voices.ended("caller", 1.0, 1.0)
    voices.began("li", 2.0)
    assert voices.ended("li", 3.0, 1.0).over_seconds == 0.0
