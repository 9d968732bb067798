"""The speech models that the settings name."""

import asyncio
import shutil
from pathlib import Path

import pytest

from bot.rules.errors import Unavailable
from bot.settings import Settings
from tests.voice.speaking import say
from voice import equipment
from voice.stt import DEMONSTRATION


def settings(partial: str, model: str = "", *, download: bool = False) -> Settings:
    return Settings(
        _env_file=None,
        stt_model=model or str(DEMONSTRATION),
        stt_partial_model=partial,
        stt_download=download,
    )


@pytest.mark.parametrize("name", ["/nowhere/small", "./small", "small-of-nobody"])
def test_a_small_model_that_is_not_there_is_refused_by_its_setting(name: str) -> None:
    with pytest.raises(Unavailable, match="HOTLINE_STT_PARTIAL_MODEL"):
        equipment.partial_recognizer(settings(name))


def test_a_folder_that_holds_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="HOTLINE_STT_PARTIAL_MODEL"):
        equipment.partial_recognizer(settings(str(tmp_path)))
    (tmp_path / "model.bin").write_bytes(b"no model")
    with pytest.raises(Unavailable, match="cannot be loaded"):
        equipment.partial_recognizer(settings(str(tmp_path)))


def test_one_of_a_hub_is_waited_for_and_none_is_none() -> None:
    assert equipment.partial_recognizer(settings("small-of-nobody", download=True)) is None
    assert equipment.partial_recognizer(settings("")) is None


@pytest.mark.speech
async def test_two_models_of_two_folders_hear_each_its_own(tmp_path: Path) -> None:
    small = shutil.copytree(DEMONSTRATION, tmp_path / "small")
    engine = equipment.engine(settings(str(small)))
    assert engine.recognizer.model.folder == str(DEMONSTRATION)
    assert engine.partial is not None
    assert engine.partial.model.folder == str(small)
    sound = say("楼下半夜施工")
    async with asyncio.TaskGroup() as group:
        running = group.create_task(engine.run())
        await engine.warm_up()
        heard = [
            await engine.transcribe(sound, voiced_seconds=1.5, partial=partial)
            for partial in (True, False)
        ]
        running.cancel()
    assert all("楼下" in transcript.text for transcript in heard), heard
