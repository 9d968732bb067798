"""Questions without an answer, brought together."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.folding import Folding
from knowledge_base.gaps import ALIKE, EXAMPLES, Asked, gaps
from knowledge_base.loading import table

FOLD = Folding(table("synonyms")).fold


def test_one_matter_is_one_row_the_most_asked_first() -> None:
    asked = [
        Asked("怎么考导游证", "天河区", "a/1"),
        Asked("请问无人机飞行要报备吗", None, "b/1"),
        Asked("导游证怎么考啊", "番禺区", "c/1"),
        Asked("想考导游证", "天河区", "d/3"),
        Asked("???", None, "e/1"),
    ]
    guide, drone = gaps(asked, FOLD)
    assert (guide.question, guide.count) == ("怎么考导游证", 3)
    assert guide.districts == {"天河区": 2, "番禺区": 1}
    assert [example.turn for example in guide.examples] == ["a/1", "c/1", "d/3"]
    assert (drone.count, drone.districts) == (1, {})


@given(st.lists(st.text(max_size=20), max_size=30))
def test_nothing_is_counted_twice(texts: list[str]) -> None:
    found = gaps([Asked(text, None, str(n)) for n, text in enumerate(texts)], FOLD)
    assert sum(gap.count for gap in found) <= len(texts)
    assert all(len(gap.examples) == min(gap.count, EXAMPLES) for gap in found)


@given(st.lists(st.text("甲乙丙丁", max_size=6), max_size=30, unique=True))
def test_groups_are_those_that_comparing_all_with_all_finds(texts: list[str]) -> None:
    slow: list[tuple[set[str], str, int]] = []
    for text in texts:
        pairs = {text[i : i + 2] for i in range(len(text) - 1)}
        if not pairs:
            continue
        shares = [len(pairs & other) / min(len(pairs), len(other)) for other, _, _ in slow]
        near = max(range(len(slow)), key=shares.__getitem__, default=None)
        if near is None or shares[near] < ALIKE:
            slow.append((pairs, text, 1))
        else:
            slow[near] = (*slow[near][:2], slow[near][2] + 1)
    found = gaps([Asked(text, None, "") for text in texts], str)
    wanted = sorted(((question, count) for _, question, count in slow), key=lambda row: -row[1])
    assert [(gap.question, gap.count) for gap in found] == wanted
