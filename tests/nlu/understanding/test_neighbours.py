"""The second opinion of the examples that lie nearest."""

from pathlib import Path

import pytest

from knowledge_base.vectors import Vectors, read_vectors
from nlu.understanding import examples as written
from nlu.understanding.decision import Decision
from nlu.understanding.examples import Example
from nlu.understanding.neighbours import Neighbours
from nlu.understanding.opinion import second_opinion
from nlu.understanding.text import Text, read
from tests.encoders import write_encoder

UNSURE = Decision("complain", "in", 0.3, "民生诉求")
BLOCKS = {
    "fire": ("着火了 冒浓烟", "浓烟滚滚 着火", "楼下着火冒烟", "火苗蹿上来 着火了"),
    "complain": ("垃圾没人清运", "垃圾堆臭气熏天 没人清运", "垃圾臭 投诉", "清运垃圾太慢"),
    "greet": ("您好您好", "您好 早上好", "早上好"),
}
EXAMPLES = [Example(text, intent) for intent, texts in BLOCKS.items() for text in texts]
TAUGHT = [*(example.text for example in EXAMPLES), "火苗 浓烟 红光 着火了", "红光 浓烟"]


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Vectors:
    folder = tmp_path_factory.mktemp("encoder")
    return read_vectors(write_encoder(folder, TAUGHT, size=6), folder)


@pytest.fixture(scope="module")
def opinion(vectors: Vectors) -> Neighbours:
    return Neighbours(vectors, EXAMPLES)


def test_it_adds_a_danger_that_no_word_of_the_examples_tells(opinion: Neighbours) -> None:
    found = opinion(read("红光"), UNSURE)
    assert (found.intent, found.scope, found.reason, found.crisis) == ("fire", "out", "fire", True)
    assert found.evidence == ("nearest examples",)


@pytest.mark.parametrize(
    "decision",
    [
        Decision("complain", "in", 0.9, "民生诉求"),
        Decision("medical", "out", 0.2, None, "medical", True),
        Decision("crisis", "out", 0.2, None, "police", True),
        Decision("complain", "in", 0.2, "民生诉求", None, True),
        Decision("greet", "social", 0.1),
    ],
)
def test_it_is_not_asked_about_the_rest_and_takes_no_danger_away(
    opinion: Neighbours, decision: Decision
) -> None:
    assert opinion(read("垃圾没人清运"), decision) == decision
    assert opinion(read("着火了冒烟"), decision) == decision


@pytest.mark.parametrize("text", ["垃圾没人清运", "您好早上好", "kubernetes", ""])
def test_no_other_opinion_leaves_the_decision(opinion: Neighbours, text: str) -> None:
    assert opinion(Text(text, text, text), UNSURE) == UNSURE


def test_where_the_nearest_do_not_agree_there_is_none(vectors: Vectors) -> None:
    quarrel = [Example("着火了", intent) for intent in ("fire", "suggest", "police")]
    assert Neighbours(vectors, quarrel)(read("着火了"), UNSURE) == UNSURE


def test_an_encoder_that_fails_leaves_the_decision(vectors: Vectors, tmp_path: Path) -> None:
    from knowledge_base.encoder import Encoder

    slow = Encoder(write_encoder(tmp_path / "slow", TAUGHT, size=6), seconds=0)
    opinion = Neighbours(Vectors(slow, tmp_path), EXAMPLES)
    assert opinion(read("红光"), UNSURE) == UNSURE


def test_the_settings_name_it_and_its_vectors_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(written, "read_examples", lambda: EXAMPLES)
    folder = write_encoder(tmp_path / "encoder", TAUGHT, size=6)
    told = {"HOTLINE_OPINION_ENCODER": str(folder), "HOTLINE_DATA": str(tmp_path / "data")}
    opinion = second_opinion(told)
    assert opinion is not None
    assert opinion(read("红光"), UNSURE).reason == "fire"
    assert len(list((tmp_path / "data" / "encoder").glob("*/vectors.db"))) == 1
