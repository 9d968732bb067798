"""Where one breath holds two matters."""

import pytest

from nlu.understanding.matters import parts_of


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("路灯坏了", ["路灯坏了"]),
        ("楼上漏水,还有小区停车费乱涨", ["楼上漏水", "小区停车费乱涨"]),
        ("路灯唔着,仲有条渠塞咗", ["路灯唔着", "条渠塞咗"]),
        ("还有", ["还有"]),
        ("", [""]),
    ],
)
def test_parts_of(text: str, parts: list[str]) -> None:
    assert parts_of(text) == parts
