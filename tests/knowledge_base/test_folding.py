"""Many ways of saying a thing become one."""

import pytest

from knowledge_base.folding import Folding
from knowledge_base.loading import table


@pytest.fixture(scope="module")
def folding() -> Folding:
    return Folding(table("synonyms"))


@pytest.mark.parametrize(
    ("said", "same"),
    [
        ("居住证点办?", "居住证怎么办"),
        ("居住證怎麼辦", "居住证怎么办"),
        ("请问居住证怎么办啊", "居住证怎么办"),
        ("岁好办怎么用", "穗好办怎么用"),
        ("我哋冇水用", "我们没水用"),
        ("12345几点下班", "12345几点下班"),
        ("部𨋢坏咗", "部电梯坏了"),
    ],
)
def test_the_same_thing_folds_to_the_same(folding: Folding, said: str, same: str) -> None:
    assert folding.fold(said) == folding.fold(same)


def test_a_question_of_fillers_alone_is_kept(folding: Folding) -> None:
    assert folding.fold("请问") == "请问"


def test_folding_twice_changes_nothing(folding: Folding) -> None:
    once = folding.fold("我想问下公租屋点申请,要几耐")
    assert folding.fold(once) == once


def test_an_endless_text_is_cut(folding: Folding) -> None:
    assert len(folding.fold("水" * 100_000)) <= 2_000
