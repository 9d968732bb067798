"""The search with a sentence encoder beside the words."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from bot.rules.errors import Unavailable
from knowledge_base import loading
from knowledge_base.analysis import Analyser
from knowledge_base.confidence import Confidence
from knowledge_base.encoder import Encoder
from knowledge_base.entry import Entry
from knowledge_base.evidence import BY_ENCODER, FEATURES
from knowledge_base.knowledge import KnowledgeBase
from knowledge_base.layout import Matrix
from knowledge_base.meaning import Meanings, Sense
from knowledge_base.retrieval import Document, Index, Memory
from knowledge_base.shelf import analyser
from knowledge_base.vectors import Vectors
from tests.encoders import write_encoder
from tests.knowledge_base.conftest import TODAY, one, written

TAUGHT = (
    "路灯坏了 照明失灵", "照明失灵 路灯不亮", "路灯 照明", "夜校几点开 课堂授课", "课堂授课 夜校",
    "养老院怎么轮候 敬老床位", "敬老床位 养老院",
)  # fmt: skip
DOCUMENTS = (
    Document("lamp", ("路灯坏了", "路灯不亮")),
    Document("school", ("夜校几点开",)),
    Document("home", ("养老院怎么轮候",)),
)
ENTRIES = written(
    one("lamp", "路灯坏了?", "路灯不亮"),
    one("school", "夜校几点开?", "夜校时间"),
    one("home", "养老院怎么轮候?", "公办养老院"),
)
SURE = {"answered": 0.6, "close": 0.3, "bias": -3.0, "share": 0.5}


class Counting(Encoder):
    """Notes what it had to encode."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.seen: list[str] = []

    def phrases(self, texts: Sequence[str]) -> Matrix:
        self.seen += texts
        return super().phrases(texts)


@pytest.fixture
def vectors(tmp_path: Path) -> Vectors:
    return Vectors(Counting(write_encoder(tmp_path / "encoder", TAUGHT)), tmp_path / "vectors")


@pytest.fixture(scope="module")
def analyse() -> Analyser:
    return analyser(loading.search_tables())


@pytest.fixture
def memory(vectors: Vectors, analyse: Analyser) -> Memory:
    return Memory(analyse, Sense(vectors))


@pytest.fixture
def small(vectors: Vectors, tmp_path: Path) -> KnowledgeBase:
    folder = tmp_path / "entries"
    folder.mkdir()
    (folder / "a.yml").write_text(ENTRIES, encoding="utf-8")
    return KnowledgeBase(folder, vectors)


def trusting() -> dict[str, Any]:
    """A confidence that trusts the nearness."""
    nothing = dict.fromkeys((*FEATURES, *BY_ENCODER), 0.0)
    return SURE | {"weights": nothing | {"near": 6.0}}


def test_a_synonym_without_a_common_character_is_found(memory: Memory) -> None:
    words = Index(DOCUMENTS, Memory(memory.analyse))
    assert words.search("照明失灵") == []
    first, *_ = Index(DOCUMENTS, memory).search("照明失灵")
    assert DOCUMENTS[first.number].name == "lamp"
    assert (first.by_words, first.near > 0.5) == (0, True)


def test_the_order_is_changed(memory: Memory) -> None:
    question = "几点授课"  # the word for a time stands in two
    documents = (Document("lamp", ("路灯几点开", "路灯坏了")), *DOCUMENTS[1:])
    words = Index(documents, Memory(memory.analyse)).search("授课几点")
    both = Index(documents, memory).search(question)
    assert documents[both[0].number].name == "school"
    assert both[0].near > both[1].near
    assert len(words) == 2


def test_word_for_word_comes_first_all_the_same(memory: Memory) -> None:
    documents = (*DOCUMENTS, Document("word", ("照明失灵",)))
    index = Index(documents, memory)
    assert (index.search("照明失灵")[0].number, index.search("照明失灵")[0].score) == (3, 1)
    amended = index.amended({3}, [Document("late", ("课堂授课",))], memory)
    assert DOCUMENTS[amended.search("照明失灵")[0].number].name == "lamp"
    assert amended.search("课堂授课")[0].number == 4


def test_a_changed_document_is_encoded_alone(memory: Memory, vectors: Vectors) -> None:
    index = Index(DOCUMENTS, memory)
    assert isinstance(vectors.encoder, Counting)
    vectors.encoder.seen.clear()
    changed = Document("lamp", ("路灯坏了", "照明坏了"))
    index.amended({0}, [changed], memory)
    Index([changed, *DOCUMENTS[1:]], memory)
    assert vectors.encoder.seen == ["照明坏了"]


def test_documents_without_phrases_are_survived(memory: Memory) -> None:
    bodies = [Document("a", (), "路灯坏了"), Document("b", (), "夜校几点开")]
    assert Index(bodies, memory).search("路灯")[0].number == 0
    assert Index([], memory).search("路灯") == []


def test_an_encoder_that_fails_leaves_the_words(tmp_path: Path, memory: Memory) -> None:
    slow = Encoder(write_encoder(tmp_path / "slow", TAUGHT), seconds=0)
    late = Memory(memory.analyse, Sense(Vectors(slow, tmp_path / "vectors")))
    by_words = Index(DOCUMENTS, Memory(memory.analyse)).search("路灯怎么不亮")
    assert Index(DOCUMENTS, late).search("路灯怎么不亮") == by_words


def test_nearness_lies_between_the_usual_and_the_same(vectors: Vectors) -> None:
    phrases = [vectors.phrases(document.phrases) for document in DOCUMENTS]
    meanings = Meanings(Sense(vectors, 1.0), phrases)
    nothing = np.full(len(phrases), -1, dtype=np.float32)
    found = meanings.fused("路灯坏了", nothing)
    assert found.near[0] == pytest.approx(1, abs=1e-4)
    assert found.near[1:].max() < 0.2
    assert (found.score <= 1).all()
    strange = meanings.fused("kubernetes", nothing)
    assert (strange.score == -1).all()


def fails(texts: Sequence[str]) -> Matrix:
    raise Unavailable("no memory")


def test_it_is_found_and_answered_only_with_a_calibration_of_its_own(
    small: KnowledgeBase, vectors: Vectors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert small.search("照明失灵", on=TODAY)[0].entry.id == "lamp"
    finding = small.find("照明失灵", on=TODAY)
    assert finding.kind == "unknown"
    assert finding.confidence < 0.01
    vectors.confidence.write_text(yaml.safe_dump(trusting()), encoding="utf-8")
    assert small.refresh(), "taken up without a restart"
    finding = small.find("照明失灵", on=TODAY)
    assert (finding.kind, finding.entry and finding.entry.id) == ("answered", "lamp")
    path = tmp_path / "entries" / "a.yml"
    path.write_text(ENTRIES.replace("夜校时间", "课堂授课时间"), encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(vectors.encoder, "phrases", fails)
        assert small.refresh()
    assert small.trouble == "no memory"
    assert small.find("照明失灵", on=TODAY).kind == "answered", "the entries before go on"
    for unknown in ("红烧肉", "kubernetes", "", "?"):
        assert small.find(unknown, on=TODAY).kind == "unknown"


def test_a_confidence_without_the_encoders_weights_is_refused() -> None:
    table = trusting()
    assert Confidence.of(table).share == 0.5
    del table["weights"]["near"]
    with pytest.raises(KeyError, match="near"):
        Confidence.of(table)


@pytest.fixture(scope="module")
def products(tmp_path_factory: pytest.TempPathFactory) -> tuple[KnowledgeBase, Vectors]:
    """The product's entries, with an encoder that has learnt from their answers too."""
    folder = tmp_path_factory.mktemp("encoder")
    entries = loading.load()
    encoder = Encoder(write_encoder(folder, [taught(entry) for entry in entries], size=128))
    vectors = Vectors(encoder, folder / "vectors")
    return KnowledgeBase(vectors=vectors), vectors


def taught(entry: Entry) -> str:
    return " ".join((*entry.phrases, *entry.keywords, entry.answer))


def answerable() -> list[tuple[str, str]]:
    rows = loading.table("calibration/misheard")
    return [(question, entry) for entry, questions in rows.items() for question in questions]


def test_nearness_alone_is_far_better_than_chance(
    products: tuple[KnowledgeBase, Vectors],
) -> None:
    near, vectors = products
    entries = near.shelf.entries
    centres = np.stack([vectors.phrases(entry.phrases).mean(axis=0) for entry in entries])
    asked = answerable()
    first = [entries[int((centres @ vectors.question(q)).argmax())].id for q, _ in asked]
    right = sum(found == entry for found, (_, entry) in zip(first, asked, strict=True))
    assert right / len(asked) > 0.2, f"by chance 1 of {len(entries)}"


def test_without_a_calibration_nothing_becomes_surer(
    products: tuple[KnowledgeBase, Vectors], base: KnowledgeBase
) -> None:
    near, _ = products
    themes = loading.table("calibration/unanswerable")
    unknown = [question for questions in themes.values() for question in questions][::25]
    for question in [*unknown, *(question for question, _ in answerable()[::3])]:
        plain, dense = (one.find(question, on=TODAY) for one in (base, near))
        if dense.kind == "answered":
            assert plain.kind == "answered", question
        if plain.kind == "unknown":
            assert dense.kind == "unknown", question
