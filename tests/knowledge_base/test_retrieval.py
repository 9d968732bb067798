"""The engine over documents of any kind."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.analysis import Tokens
from knowledge_base.loading import table
from knowledge_base.retrieval import Document, Index, Memory
from knowledge_base.shelf import analyser

ANALYSE = analyser(table("synonyms"))
DOCUMENTS = [
    Document("water", ("停水了怎么办", "水龙头没有水"), "请拨打供水热线"),
    Document("power", ("停电了怎么办", "家里没有电"), "请拨打供电热线"),
    Document("lamp", ("路灯不亮", "街上没有灯"), "登记后转给路灯单位"),
    Document("body-only", (), "长者饭堂由街道开办"),
]


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(DOCUMENTS, Memory(ANALYSE))


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("小区停水", "water"),
        ("我家没电了", "power"),
        ("灯不亮", "lamp"),
        ("挺水了", "water"),
        ("长者饭堂", "body-only"),
    ],
)
def test_the_nearest_document_comes_first(index: Index, question: str, name: str) -> None:
    assert DOCUMENTS[index.search(question)[0].number].name == name


def test_a_question_that_is_a_phrase_word_for_word_is_found_for_certain(index: Index) -> None:
    (first, *_) = index.search("水龙头,没有水!")
    assert (DOCUMENTS[first.number].name, first.score) == ("water", 1.0)


def test_a_keyword_finds_its_document() -> None:
    documents = [*DOCUMENTS, Document("pets", ("养狗不牵绳",), "", ("藏獒", "烈性犬"))]
    (first, *_) = Index(documents, Memory(ANALYSE)).search("有人养藏獒")
    assert documents[first.number].name == "pets"


def test_what_has_not_changed_is_not_analysed_again() -> None:
    seen: list[str] = []

    class Watched:
        def __call__(self, text: str) -> Tokens:
            seen.append(text)
            return ANALYSE(text)

        folded = staticmethod(ANALYSE.folded)
        marks = staticmethod(ANALYSE.marks)

    memory = Memory(Watched())
    Index(DOCUMENTS, memory)
    seen.clear()
    changed = Document("power", ("停电了怎么报修",), "请拨打供电热线")
    again = Index([DOCUMENTS[0], changed, *DOCUMENTS[2:]], memory)
    assert seen == ["停电了怎么报修", "请拨打供电热线"]
    assert again.search("停电报修")[0].number == 1


def test_a_question_without_words_finds_nothing(index: Index) -> None:
    assert index.search("?!") == []


def test_documents_without_a_word_in_common_are_not_found(index: Index) -> None:
    assert index.search("kubernetes") == []


def test_an_index_over_nothing_finds_nothing() -> None:
    assert Index([Document("empty", (), "")], Memory(ANALYSE)).search("停水") == []


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_scores_lie_between_0_and_1_and_fall(text: str) -> None:
    scores = [hit.score for hit in INDEX.search(text)]
    assert all(0 < score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)


INDEX = Index(DOCUMENTS, Memory(ANALYSE))


def test_an_amended_index_finds_what_came_and_not_what_went() -> None:
    memory = Memory(ANALYSE)
    full = Index(DOCUMENTS, memory)
    late = [Document("water", ("自来水没了找谁",), "请拨打供水热线"), Document("dog", ("流浪狗",))]
    index = full.amended({0}, late, memory)
    names = [*(d.name for d in DOCUMENTS), *(d.name for d in late)]
    assert names[index.search("流浪狗")[0].number] == "dog"
    assert index.exact("流浪狗") == 5
    assert {hit.number for hit in index.search("停水了怎么办", 6)} & {0} == set()
    assert index.exact("停水了怎么办") is None
    assert index.search("家里没有电")[0] == full.search("家里没有电")[0]
    assert full.exact("停水了怎么办") == 0


def test_an_amended_index_ranks_as_one_made_anew() -> None:
    memory = Memory(ANALYSE)
    changed = Document("lamp", ("路灯不亮", "街上没有灯", "灯杆倒了"), "登记后转给路灯单位")
    amended = Index(DOCUMENTS, memory).amended({2}, [changed], memory)
    anew = Index([*DOCUMENTS[:2], changed, DOCUMENTS[3]], Memory(ANALYSE))
    for question in ("灯杆倒了", "路上没灯", "没水", "街道饭堂"):
        one, other = amended.search(question)[0], anew.search(question)[0]
        assert {4: 2}.get(one.number, one.number) == other.number
        assert one.score == pytest.approx(other.score, abs=0.15)
