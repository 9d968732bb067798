from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import ROOT, Settings


def test_every_setting_stands_in_the_example_and_nothing_else() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    listed = [line.split("=")[0] for line in lines if line.startswith("HOTLINE_")]
    assert sorted(listed) == sorted(f"HOTLINE_{name.upper()}" for name in Settings.model_fields)


def test_the_example_is_a_working_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(_env_file=ROOT / ".env.example")
    assert settings.database.startswith("sqlite+aiosqlite:///")
    assert settings.redis.startswith("unix://")


def test_a_wrong_setting_fails_by_its_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOTLINE_PORT", "eighty")
    with pytest.raises(ValidationError, match="port"):
        Settings(_env_file=tmp_path / "none")
