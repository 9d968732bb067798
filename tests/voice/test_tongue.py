"""Callers are spoken to in their language; one odd utterance changes nothing."""

import pytest

from voice.tongue import CANTONESE, MANDARIN, Tongue


@pytest.mark.parametrize(
    ("spoken", "language"),
    [
        ([], MANDARIN),
        ([CANTONESE], MANDARIN),
        ([CANTONESE, CANTONESE], CANTONESE),
        ([CANTONESE, MANDARIN, CANTONESE], MANDARIN),
        ([CANTONESE, CANTONESE, MANDARIN], CANTONESE),
        ([CANTONESE, CANTONESE, MANDARIN, MANDARIN], MANDARIN),
        (["", "en", "", "ja"], MANDARIN),
        ([CANTONESE, "", CANTONESE], CANTONESE),
    ],
)
def test_two_utterances_in_a_row_change_it(spoken: list[str], language: str) -> None:
    tongue = Tongue()
    for each in spoken:
        tongue.follow(each, 2.0)
    assert tongue.language == language


def test_short_answers_do_not_count() -> None:
    tongue = Tongue()
    for _ in range(5):
        tongue.follow(CANTONESE, 0.4)
    assert tongue.voice == "mandarin"


def test_a_wish_counts_at_once() -> None:
    tongue = Tongue()
    tongue.choose(CANTONESE)
    assert (tongue.language, tongue.voice) == (CANTONESE, "cantonese")
    tongue.follow(MANDARIN, 2.0)
    assert tongue.language == CANTONESE
