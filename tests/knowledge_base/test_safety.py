"""The table of dangers: it loads, and a wrong entry is named."""

from pathlib import Path

import pytest

from knowledge_base.safety import PATH, read_safety, safety


def test_the_table_is_read_once() -> None:
    assert safety() is safety()


def test_a_wrong_pattern_is_named(tmp_path: Path) -> None:
    broken = PATH.read_text(encoding="utf-8").replace("    weak: []", "    weak: ['(']", 1)
    path = tmp_path / "safety.yml"
    path.write_text(broken, encoding="utf-8")
    with pytest.raises(ValueError, match=r"signs\.crisis\.weak"):
        read_safety(path)
