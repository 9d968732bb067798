"""``./hotline kb``."""

from pathlib import Path

import pytest

from bot import cli


def test_the_products_own_entries_are_good(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["kb", "check"]) == 0
    assert "good" in capsys.readouterr().out


def test_wrong_entries_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.yml").write_text("theme: x\nentries:\n  - id: a\n", encoding="utf-8")
    assert cli.main(["kb", "check", str(tmp_path)]) == 1
    assert "bad.yml:3: question: is missing" in capsys.readouterr().err


def test_old_facts_are_listed_oldest_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["kb", "stale", "--on", "2026-11-22"]) == 0
    rows = capsys.readouterr().out.splitlines()
    dates = [row.split()[0] for row in rows]
    assert dates == sorted(dates)
    assert any("four-days" in row for row in rows)
    assert not any("hotline-hours" in row for row in rows)
