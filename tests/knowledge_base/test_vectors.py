"""Vectors are made once for a text and an encoder."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge_base.encoder import Encoder
from knowledge_base.layout import Matrix
from knowledge_base.vectors import AT_ONCE, Vectors, opened
from tests.encoders import write_encoder

TEXTS = ("路灯坏了 照明失灵", "夜校几点开 课堂授课")


class Watched(Encoder):
    """Notes what it had to encode."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.seen: list[str] = []

    def phrases(self, texts: Sequence[str]) -> Matrix:
        self.seen += texts
        return super().phrases(texts)


@pytest.fixture
def encoder(tmp_path: Path) -> Watched:
    return Watched(write_encoder(tmp_path / "encoder", TEXTS))


def test_only_what_was_never_seen_is_encoded_also_after_a_restart(
    encoder: Watched, tmp_path: Path
) -> None:
    first = Vectors(encoder, tmp_path).phrases(["路灯", "夜校", "路灯"])
    assert encoder.seen == ["路灯", "夜校"]
    again = Vectors(encoder, tmp_path).phrases(["夜校", "授课", "路灯"])
    assert encoder.seen == ["路灯", "夜校", "授课"]
    assert np.array_equal(first[[1, 0]], again[[0, 2]])


def test_another_encoder_has_a_file_of_its_own(encoder: Watched, tmp_path: Path) -> None:
    Vectors(encoder, tmp_path).phrases(["路灯"])
    other = Watched(write_encoder(tmp_path / "other", TEXTS, size=1))
    Vectors(other, tmp_path).phrases(["路灯"])
    assert other.seen == ["路灯"]


def test_many_are_told_of_as_they_come(encoder: Watched, tmp_path: Path) -> None:
    texts = [f"路灯{n}" for n in range(AT_ONCE + 5)]
    told: list[tuple[int, int]] = []
    vectors = Vectors(encoder, tmp_path)
    vectors.phrases(texts, lambda done, of: told.append((done, of)))
    assert told == [(AT_ONCE, len(texts)), (len(texts), len(texts))]
    encoder.seen.clear()
    assert vectors.phrases(texts[::-1]).shape == (len(texts), encoder.size)
    assert encoder.seen == []


def test_a_damaged_file_is_made_anew(encoder: Watched, tmp_path: Path) -> None:
    vectors = Vectors(encoder, tmp_path)
    vectors.phrases(["路灯"])
    for path in vectors.home.glob("vectors.db*"):
        path.unlink()
    (vectors.home / "vectors.db").write_bytes(b"no database" * 1000)
    for _ in range(2):
        assert vectors.phrases(["路灯"]).shape == (1, encoder.size)
    assert encoder.seen == ["路灯"] * 2, "kept again after the damage"


def test_where_nothing_can_be_kept_it_still_encodes(encoder: Watched, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert Vectors(encoder, tmp_path / "file").phrases(["路灯"]).shape == (1, encoder.size)


def test_no_folder_is_no_encoder(tmp_path: Path) -> None:
    assert opened(None, tmp_path) is None
    with pytest.raises(ValueError, match="no folder"):
        opened(tmp_path / "none", tmp_path)
