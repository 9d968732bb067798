"""The encoders of the settings."""

from pathlib import Path

import pytest

from bot import encoding
from bot.rules.errors import Rejected
from bot.settings import Settings
from tests.encoders import write_encoder
from tests.knowledge_base.conftest import one, written


def settings(folder: Path, encoder: Path) -> Settings:
    """With two entries, and state of their own."""
    entries = folder / "entries"
    entries.mkdir()
    text = written(one("lamp", "路灯坏了?", "路灯不亮"), one("school", "夜校几点开?", "夜校时间"))
    (entries / "a.yml").write_text(text, encoding="utf-8")
    return Settings(_env_file=None, data=folder / "data", entries=entries, encoder=encoder)


def test_entries_are_encoded_before_anybody_asks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = settings(tmp_path, write_encoder(tmp_path / "encoder", ["路灯 夜校", "夜校"]))
    encoding.prepare(told)
    vectors = encoding.vectors(told)
    assert vectors is not None
    assert vectors is encoding.vectors(told), "once in a process"
    (kept,) = (tmp_path / "data" / "encoder").glob("*/vectors.db")
    before = kept.read_bytes()
    vectors.phrases(["路灯坏了?", "夜校时间"])
    assert kept.read_bytes() == before


def test_without_an_encoder_there_is_nothing_to_do(tmp_path: Path) -> None:
    told = Settings(_env_file=None, data=tmp_path, encoder=None, opinion_encoder=None)
    encoding.prepare(told)
    encoding.prepare_opinion(told)
    assert encoding.vectors(told) is None
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_encoder_is_told_by_the_settings_name(tmp_path: Path) -> None:
    folder = write_encoder(tmp_path / "encoder", ["路灯"])
    (folder / "tokenizer.json").write_text("{}")
    told = settings(tmp_path, folder)
    for work in (encoding.vectors, encoding.prepare):
        with pytest.raises(Rejected, match=r"HOTLINE_ENCODER: .* no encoder that can be read"):
            work(told)
    other = told.model_copy(update={"opinion_encoder": folder})
    with pytest.raises(Rejected, match="HOTLINE_OPINION_ENCODER: "):
        encoding.prepare_opinion(other)
