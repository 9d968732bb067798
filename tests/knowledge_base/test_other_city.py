"""Another city's folder: its own sources and districts beside its entries."""

from datetime import datetime
from pathlib import Path

import pytest

from bot.clock import SHANGHAI
from knowledge_base.editions import Editions
from knowledge_base.knowledge import KnowledgeBase
from knowledge_base.located import Refused
from knowledge_base.regression import Regression
from tests.knowledge_base.conftest import TODAY, one, written

AT = datetime(2026, 11, 22, 12, 0, tzinfo=SHANGHAI)
DISTRICTS = (
    "city: {name: 江州市}\ndistricts:\n  - {name: 城东区}\nother_cities:\n  - {name: 广州}\n"
)
SOURCES = 'river-2025:\n  document: 江州市夜校章程\n  published: "2025-01-01"\n'
REGRESSION = "questions:\n  - {question: 夜校几点开, entry: school}\n"


@pytest.fixture
def entries(tmp_path: Path) -> Path:
    """The folder of a small city."""
    folder = tmp_path / "entries"
    folder.mkdir()
    for name, text in (
        ("districts.yml", DISTRICTS),
        ("sources.yml", SOURCES),
        ("regression.yml", REGRESSION),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    (folder / "a.yml").write_text(of_the_city("school"), encoding="utf-8")
    return folder


def of_the_city(entry_id: str) -> str:
    """A theme file with one entry of the small city."""
    text = written(one(entry_id, "夜校几点开?", "夜校时间"))
    return text.replace("zengcheng-2018", "river-2025").replace("广州市", "江州市")


def test_its_entries_its_sources_its_name(entries: Path) -> None:
    base = KnowledgeBase(entries)
    found = base.find("夜校几点开", on=TODAY).entry
    assert found is not None
    assert (found.area, found.source[0].document) == ("江州市", "江州市夜校章程")
    assert base.find("广州的夜校几点开", on=TODAY).entry is None


def test_its_source_is_refused_elsewhere(entries: Path, tmp_path: Path) -> None:
    (tmp_path / "sources.yml").unlink()
    with pytest.raises(Refused, match=r"a\.yml:\d+: source: 'river-2025' does not stand"):
        KnowledgeBase(entries)


def test_its_own_questions_guard_what_is_published(entries: Path) -> None:
    editions = Editions(entries, Regression(folder=entries).gate(TODAY))
    moved = of_the_city("evening") + one("school", "灯会在哪看?", "看灯")
    moved = moved.replace("zengcheng-2018", "river-2025")
    with pytest.raises(Refused, match="夜校几点开 found school, would find evening"):
        editions.publish({"a.yml": moved}, who="li", why="test", at=AT)
    assert (entries / "a.yml").read_text(encoding="utf-8") == of_the_city("school")
