"""``./hotline search``: one line out for every line in."""

import io
import json
from pathlib import Path

import pytest

from bot import cli


def lines(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]


def test_every_question_gets_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = tmp_path / "in.jsonl"
    asked.write_text(
        '{"id": 1, "question": "停水了怎么办"}\n\n{"id": "b", "question": "怎么做红烧肉"}\n',
        encoding="utf-8",
    )
    assert cli.main(["search", "--jsonl", str(asked), "-k", "2", "--on", "2026-11-22"]) == 0
    first, second = lines(capsys.readouterr().out)
    assert (first["id"], second["id"]) == (1, "b")
    matches = first["matches"]
    assert isinstance(matches, list)
    assert [sorted(match) for match in matches] == [["entry", "question", "score"]] * 2
    assert matches[0]["entry"] == "water-outage"
    assert isinstance(first["answer"], str)
    assert second["answer"] is None


def test_a_bad_line_is_named_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good = json.dumps({"id": 5, "question": "12345"}).encode()
    data = b'nonsense\n[1]\n{"id": 3}\n\xff\xfe\n' + good

    class Input:
        buffer = io.BytesIO(data)

    monkeypatch.setattr("sys.stdin", Input())
    assert cli.main(["search", "--jsonl", "-"]) == 2
    out = lines(capsys.readouterr().out)
    assert [row.get("line") for row in out] == [1, 2, 3, 4, None]
    assert out[2]["error"] == "question must be text"
    assert out[4]["id"] == 5


@pytest.mark.parametrize("arguments", [["--jsonl", "/nowhere"], ["--jsonl", "-", "--on", "x"]])
def test_what_cannot_be_read_at_all_is_an_error(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["search", *arguments]) == 1
    assert capsys.readouterr().out == ""
