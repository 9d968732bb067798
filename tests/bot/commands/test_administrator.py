"""The desk's first account from the command line."""

from pathlib import Path

import pytest

from bot.cli import main


def test_it_is_made_once_and_its_password_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOTLINE_DATA", str(tmp_path))
    assert main(["administrator"]) == 0
    first = capsys.readouterr().out
    assert main(["administrator"]) == 1
    second = capsys.readouterr().out
    assert "admin" in first
    assert len(first) > len(second)
    assert "admin" not in second
