"""Danger before the dialogue: the words alone, and the words with what the models hear."""

import dataclasses
from pathlib import Path

import pytest

from bot.alarm import SURE, Alarm, load_alarm
from bot.rules.scope import Danger
from knowledge_base.safety import safety

HEARD = Danger("fire", beside=True)


@dataclasses.dataclass
class Ear:
    """Hears a fire in everything, with one and the same confidence."""

    confidence: float

    def endangered(self, text: str, least: float = 0.0) -> Danger | None:
        return HEARD if self.confidence >= least else None


def test_the_words_alone_stand_guard_without_a_model(tmp_path: Path) -> None:
    alarm = load_alarm(tmp_path / "none.tar.gz")
    danger = alarm("我家着火了")
    assert danger is not None
    assert danger.kind == "fire"
    assert alarm("路灯坏了") is None
    assert alarm.rings("我家着火")


def test_a_model_hears_what_no_word_tells() -> None:
    assert Alarm(safety(), Ear(0.3))("路灯坏了") == HEARD  # type: ignore[arg-type]


@pytest.mark.parametrize(("confidence", "rings"), [(SURE + 0.01, True), (SURE - 0.01, False)])
def test_of_an_unfinished_sentence_it_has_to_be_sure(confidence: float, rings: bool) -> None:
    assert Alarm(safety(), Ear(confidence)).rings("路灯") is rings  # type: ignore[arg-type]
