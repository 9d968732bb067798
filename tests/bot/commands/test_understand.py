"""Reading the file of sentences: what is wrong in it is named, and the others go on."""

from pathlib import Path

import pytest

from bot.commands.understand import read_lines


def test_lines_are_read_in_order_and_empty_ones_skipped(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text('{"id": 1, "text": "a"}\n\n{"id": "x", "text": ""}\n', encoding="utf-8")
    assert list(read_lines(path)) == [{"id": 1, "text": "a"}, {"id": "x", "text": ""}]


@pytest.mark.parametrize(
    ("line", "id_", "error"),
    [
        (b"not json", None, "not JSON"),
        (b"\xff\xfe", None, "not JSON"),
        (b"[]", None, "not an object"),
        (b'{"id": 1}', 1, "text must be text"),
        (b'{"id": 1, "text": 5}', 1, "text must be text"),
    ],
)
def test_what_is_wrong_is_named_and_the_others_go_on(
    tmp_path: Path, line: bytes, id_: int | None, error: str
) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b'{"id": 0, "text": "a"}\n' + line + b'\n{"id": 2, "text": "b"}\n')
    before, wrong, after = read_lines(path)
    assert (before["id"], after["id"]) == (0, 2)
    assert (wrong["id"], wrong["line"]) == (id_, 2)
    assert error in wrong["error"]
