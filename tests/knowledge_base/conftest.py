"""A small base of its own for each test, in a folder that may be changed."""

import zipfile
from datetime import date
from pathlib import Path

import pytest

from knowledge_base.knowledge import KnowledgeBase

TODAY = date(2026, 11, 22)

ENTRY = """\
  - id: {id}
    question: {question}
    variants:
      - {variant}
    answer: {answer}
    spoken:
      - 请看公告。
    source:
      - {{document: zengcheng-2018, place: 第一段}}
"""

HEAD = """\
theme: 试验
fresh_days: 365
defaults:
  unit: 试验单位
  area: 广州市
  as_of: "2026-01-01"
  checked_at: "2026-11-22"
  editor: 试验
entries:
"""


def written(*entries: str) -> str:
    """A theme file of these entries."""
    return HEAD + "".join(entries)


def one(id: str, question: str, variant: str, answer: str = "请看公告", **more: str) -> str:
    """One entry; ``more`` are further fields, written as they stand."""
    text = ENTRY.format(id=id, question=question, variant=variant, answer=answer)
    return text + "".join(f"    {name}: {value}\n" for name, value in more.items())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder of entries."""
    return tmp_path


@pytest.fixture(scope="session")
def base() -> KnowledgeBase:
    """The product's own entries."""
    return KnowledgeBase()


def damaged(whole: Path, path: Path, part: str, content: bytes | None) -> None:
    """A copy of a zipped document in which one part is missing (None), or something else."""
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as copy:
        for name in source.namelist():
            told = content if name == part else source.read(name)
            if told is not None:
                copy.writestr(name, told)
