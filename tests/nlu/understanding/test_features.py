"""What the models see of a text: topics, alone and in pairs, and each feature once."""

from hypothesis import given
from hypothesis import strategies as st

from nlu.understanding.features import features, topics
from nlu.understanding.text import read


def test_topics_are_told_by_their_words_alone_and_in_pairs() -> None:
    found = features(read("舅舅不还我的尾款"))
    assert {"#kinfolk", "#property", "#kinfolk&property"} <= set(found)


def test_a_topic_is_told_by_words_that_can_be_looked_up() -> None:
    assert all(1 <= len(word) <= 4 for word in topics())


@given(st.text(max_size=60))
def test_each_feature_stands_once(text: str) -> None:
    found = features(read(text))
    assert len(found) == len(set(found))
