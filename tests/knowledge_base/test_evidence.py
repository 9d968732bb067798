"""What speaks for and against an entry."""

import pytest

from knowledge_base.entry import Entry
from knowledge_base.evidence import LONG, Evidence, Witness
from knowledge_base.knowledge import KnowledgeBase
from knowledge_base.loading import search_tables
from knowledge_base.retrieval import Document, Index, Memory
from knowledge_base.shelf import analyser

ANALYSE = analyser(search_tables())


@pytest.fixture(scope="module")
def entry(base: KnowledgeBase) -> Entry:
    found = base.entry("residence-permit")
    assert found
    return found


@pytest.fixture(scope="module")
def index(base: KnowledgeBase) -> Index:
    entries = base.shelf.entries
    documents = [Document(e.id, e.phrases, e.answer, e.keywords) for e in entries]
    return Index(documents, Memory(ANALYSE))


@pytest.fixture(scope="module")
def witness(index: Index) -> Witness:
    return Witness(index, ANALYSE, ["坐高铁要带什么", "高铁几点开", "可以坐飞机吗"])


def heard(witness: Witness, question: str, entry: Entry, *scores: float) -> Evidence:
    return witness.evidence(question, entry, scores or (0.5, 0.3))


def test_a_phrase_of_the_entry_is_wholly_held(witness: Witness, entry: Entry) -> None:
    found = heard(witness, entry.variants[0], entry)
    assert (found.missing, found.strange_rest, found.misheard, found.told) == (0.0, 0.0, 0.0, 0.0)


def test_another_attribute_is_missed_and_is_strange(witness: Witness, entry: Entry) -> None:
    ours, other = (heard(witness, q, entry) for q in ("居住证怎么办", "居住证可以坐高铁吗"))
    assert other.missing > ours.missing
    assert other.strange_rest > 0 >= ours.strange_rest
    assert other.strangest > ours.strangest


def test_a_misheard_word_keeps_its_sound(witness: Witness, entry: Entry) -> None:
    found = heard(witness, "居注证怎么办", entry)
    assert found.misheard > heard(witness, "居住证怎么办", entry).misheard == 0.0


def test_lead_and_length(witness: Witness, entry: Entry) -> None:
    found = heard(witness, "居住证", entry, 0.6, 0.2)
    assert found.lead == pytest.approx(0.4)
    assert 0 < found.length <= 2 / LONG
    assert heard(witness, "居住证", entry, 0.6).lead == 0.6


def test_nothing_is_strange_where_nothing_is_known_to_be(index: Index, entry: Entry) -> None:
    found = heard(Witness(index, ANALYSE, []), "居住证可以坐高铁吗", entry)
    assert (found.strange, found.strange_rest, found.strangest) == (0.0, 0.0, 0.0)


def test_what_only_the_answer_tells_is_told(witness: Witness, entry: Entry) -> None:
    word = "连续就读"
    assert word in entry.answer
    assert not any(word in phrase for phrase in entry.phrases)
    assert heard(witness, f"居住证{word}", entry).told > 0.2
