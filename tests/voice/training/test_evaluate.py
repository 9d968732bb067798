"""The figures of the model."""

from types import SimpleNamespace

import numpy as np
import pytest

from voice.training.evaluate import Clip, errors, score, synthetic


@pytest.mark.parametrize(
    ("said", "heard", "count"),
    [("", "", 0), ("天河", "天河", 0), ("天河", "", 2), ("天河区", "天和区", 1), ("天", "天天", 1)],
)
def test_errors(said: str, heard: str, count: int) -> None:
    assert errors(said, heard) == count


class Deaf:
    """Always writes the same."""

    def transcribe(self, samples: np.ndarray, **options: object) -> tuple[list[object], None]:
        return [SimpleNamespace(text="是")], None


def test_score_counts_characters_not_sentences() -> None:
    silence = np.zeros(10, np.float32)
    found = score(Deaf(), [Clip("a", "是", silence), Clip("a", "不是的", silence)])
    assert found == {"a": {"cer": 0.5, "exact": 0.5, "count": 2}}


def test_the_same_sentences_are_measured_every_time() -> None:
    first, second = synthetic(2), synthetic(2)
    assert [clean.text for clean, _ in first] == [clean.text for clean, _ in second]
    assert all(clean.text == line.text for clean, line in first)
