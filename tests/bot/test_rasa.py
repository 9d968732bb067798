"""What Rasa's process is told of the settings."""

from pathlib import Path

from bot.rasa import opinion
from bot.settings import Settings
from tests.encoders import write_encoder


def settings(**told: object) -> Settings:
    return Settings.model_validate({"opinion_url": "", "opinion_encoder": None} | told)


def test_by_default_nobody_is_asked_for_a_second_opinion() -> None:
    assert opinion(settings()) == {}


def test_a_language_model_is_told_with_its_limits() -> None:
    told = opinion(settings(opinion_url="http://127.0.0.1:1/v1", opinion_seconds=2))
    assert told["HOTLINE_OPINION_URL"] == "http://127.0.0.1:1/v1"
    assert (told["HOTLINE_OPINION_SECONDS"], told["HOTLINE_OPINION_OUTSIDE"]) == ("2.0", "false")


def test_an_encoder_is_told_with_where_its_vectors_are_kept(tmp_path: Path) -> None:
    folder = write_encoder(tmp_path / "encoder", ["路灯"])
    told = opinion(settings(opinion_encoder=folder, data=tmp_path))
    assert told["HOTLINE_OPINION_ENCODER"] == str(folder)
    assert told["HOTLINE_DATA"] == str(tmp_path)
