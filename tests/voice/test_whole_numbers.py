"""The number that is whole is believed, where it is nearly as likely."""

import pytest

from voice.segments import Expectation
from voice.stt import Guess
from voice.whole_numbers import written

SHORT = "一三五幺六二五八五零"


def heard(best: str, *others: tuple[str, float]) -> Guess:
    return Guess(best, 0.9, 0.0, others=tuple(Guess(text, sure, 0.0) for text, sure in others))


@pytest.mark.parametrize(
    ("guess", "text"),
    [
        (heard(SHORT, ("一三五幺六二五八八五零", 0.8)), "13516258850"),
        (heard(SHORT, ("一三五", 0.85), ("一三五幺六二五八八五零", 0.8)), "13516258850"),
        (heard("幺六四幺幺七幺一七九七五", ("幺六四幺幺七幺七九七五", 0.8)), "16411717975"),
        (heard("幺二四三二三七九六三", ("幺二四三二三七九九六三", 0.8)), "12432379963"),
        (heard("幺二四三二三七九九六三", ("幺三四三二三七九九六三", 0.8)), "13432379963"),
        (
            heard("二零二六一一二二零零零一二", ("二零二六一一二二零零零零一二", 0.8)),
            "20261122000012",
        ),
    ],
)
def test_the_whole_one(guess: Guess, text: str) -> None:
    assert written(guess, Expectation.DIGITS).text == text


@pytest.mark.parametrize(
    "guess",
    [
        heard(SHORT),  # nothing else came to mind
        heard(SHORT, ("一三五幺六二五八八五零", 0.4)),  # far less likely
        heard("一三五幺六二五", ("一三五幺六二五八八五零", 0.8)),  # half a number so far
        heard("一三五一六二五八八五零", ("一三五一六二五八八五五", 0.8)),  # whole already
        heard("就是打来的这个号码", ("一三五幺六二五八八五零", 0.8)),
    ],
)
def test_what_stays_as_it_was_heard(guess: Guess) -> None:
    assert (
        written(guess, Expectation.DIGITS).text
        == written(Guess(guess.text, 0.9, 0.0), Expectation.DIGITS).text
    )


def test_it_is_as_sure_as_it_was_itself() -> None:
    found = written(heard(SHORT, ("一三五幺六二五八八五零", 0.8)), Expectation.DIGITS)
    assert found.confidence == 0.8


@pytest.mark.parametrize(
    ("expectation", "best", "other", "text"),
    [
        (Expectation.OPEN, "不是" + SHORT, "不是一三五幺六二五八八五零", "不是13516258850"),
        (Expectation.OPEN, "幺二四三二三七九六三", "幺二四三二三七九九六三", "1243237963"),
        (Expectation.YES_NO, SHORT, "一三五幺六二五八八五零", "1351625850"),
    ],
)
def test_in_an_open_answer_only_a_mobile_number(
    expectation: Expectation, best: str, other: str, text: str
) -> None:
    assert written(heard(best, (other, 0.8)), expectation).text == text
