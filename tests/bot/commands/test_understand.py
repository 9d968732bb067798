"""Reading the file of sentences: what is wrong in it is named."""

from pathlib import Path

import pytest

from bot.commands.understand import read_lines


def test_lines_are_read_in_order_and_empty_ones_skipped(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text('{"id": 1, "text": "a"}\n\n{"id": "x", "text": ""}\n', encoding="utf-8")
    assert list(read_lines(path)) == [{"id": 1, "text": "a"}, {"id": "x", "text": ""}]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("not json", "line 1: not JSON"),
        ("[]", "line 1: field 'text'"),
        ('{"id": 1}', "line 1: field 'text'"),
        ('{"id": 1, "text": 5}', "line 1: field 'text'"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(ValueError, match=message.replace("(", r"\(")):
        list(read_lines(path))
