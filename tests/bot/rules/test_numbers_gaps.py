"""What stands between the digits of a number."""

import pytest

from bot.rules.numbers_gaps import Gap, gap


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("", Gap()),
        (",", Gap(pause=True)),
        ("呃", Gap(pause=True)),
        ("不对", Gap(fix=True, pause=True)),
        ("没错", Gap(pause=True)),
        ("不是", Gap(denied=True, pause=True)),
        ("不是,是", Gap(fix=True, pause=True)),
        ("等等", Gap(hesitates=True, pause=True)),
        ("后四位", Gap(place="last", pause=True)),
        ("第三位", Gap(place=3, pause=True)),
        ("倒数第二位", Gap(place=-2, pause=True)),
        ("电话", Gap(strange=True, apart=True, pause=True)),
    ],
)
def test_gap(words: str, meant: Gap) -> None:
    assert gap(words) == meant
