"""What a model finds of languages: Mandarin, Cantonese, or neither."""

import pytest

from voice.stt import languages


@pytest.mark.parametrize(
    ("odds", "language"),
    [
        ([("<|yue|>", 0.6), ("<|zh|>", 0.4)], "yue"),
        ([("<|zh|>", 0.9), ("<|yue|>", 0.05)], "zh"),
        ([("<|en|>", 0.5), ("<|zh|>", 0.3), ("<|yue|>", 0.2)], ""),
        ([], ""),
    ],
)
def test_the_likeliest(odds: list[tuple[str, float]], language: str) -> None:
    assert languages([odds, odds]) == [language, language]
