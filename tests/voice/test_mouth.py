"""How we speak to a caller."""

import pytest

from voice.mouth import LOUDEST_DB, SLOWEST, Mouth


def speed(mouth: Mouth) -> float:
    return mouth.say(1, ["您好"]).speed


def test_who_asks_is_spoken_to_slower_and_louder_within_bounds() -> None:
    mouth = Mouth()
    for _ in range(9):
        mouth.adapt("slower")
        mouth.adapt("louder")
    said = mouth.say(1, ["您好"])
    assert said.speed == pytest.approx(SLOWEST)
    assert said.gain_db == LOUDEST_DB


def test_who_speaks_slowly_is_spoken_to_slowly_once() -> None:
    mouth = Mouth()
    mouth.follow(8, 5.0)
    assert speed(mouth) == 1.0
    mouth.follow(8, 5.0)
    assert speed(mouth) == pytest.approx(0.85)
    mouth.follow(8, 5.0)
    assert speed(mouth) == pytest.approx(0.85)


@pytest.mark.parametrize(("characters", "seconds"), [(1, 3.0), (8, 2.0), (8, 0.0)])
def test_short_answers_and_usual_speech_change_nothing(characters: int, seconds: float) -> None:
    mouth = Mouth()
    for _ in range(5):
        mouth.follow(characters, seconds)
    assert speed(mouth) == 1.0


def test_utterances_are_numbered() -> None:
    mouth = Mouth()
    assert [mouth.say(1, ["您好"]).number for _ in range(3)] == [1, 2, 3]
