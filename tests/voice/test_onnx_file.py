"""What is no model is said to be none."""

from pathlib import Path

import pytest

from bot.rules.errors import Unavailable
from voice.onnx_file import numbers
from voice.silero import model_file


def test_the_numbers_have_names_and_shapes() -> None:
    found = numbers(model_file())
    assert found["encoder.conv_layers.0.weight"].shape == (128, 129, 3)
    assert all(found[name].dtype == "float32" for name in found)


@pytest.mark.parametrize("content", [b"\x08\x03no model at all", b"\xff" * 40])
def test_another_file_is_none(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other.onnx"
    path.write_bytes(content)
    with pytest.raises(Unavailable, match=r"other\.onnx"):
        numbers(path)


def test_nor_is_one_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        numbers(tmp_path / "none.onnx")
