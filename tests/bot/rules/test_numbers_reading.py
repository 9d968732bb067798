"""Pieces of digits read as one number."""

import pytest

from bot.rules.numbers_gaps import Gap
from bot.rules.numbers_reading import Told, read

PLAIN = Gap(pause=True)
FIX = Gap(pause=True, fix=True)


@pytest.mark.parametrize(
    ("told", "number"),
    [
        ([("138", Gap()), ("0013", PLAIN), ("8000", PLAIN)], "13800138000"),
        ([("138", Gap()), ("0013", PLAIN), ("001", PLAIN), ("0018", PLAIN)], "13800130018"),
        ([("13800138000", Gap()), ("8001", Gap(place="last", fix=True))], "13800138001"),
        ([("13800138000", Gap()), ("13900138000", FIX)], "13900138000"),
        ([("1592032", Gap()), ("2033", FIX), ("8811", PLAIN)], "15920338811"),
        ([("83814282", Gap()), ("020", PLAIN)], "02083814282"),
        ([("13800138000", Gap()), ("138", PLAIN), ("0013", PLAIN), ("8000", PLAIN)], "13800138000"),
        ([("8000", Gap(place="last")), ("1380013", Gap(place="first"))], "13800138000"),
        ([("8000", Gap(place="last"))], None),
        ([], None),
    ],
)
def test_read(told: list[Told], number: str | None) -> None:
    reading = read(told)
    assert (reading and reading.digits) == number


def test_what_another_number_replaced_is_kept() -> None:
    reading = read([("13800138000", Gap()), ("13900138000", FIX)])
    assert reading is not None
    assert reading.before == "13800138000"
