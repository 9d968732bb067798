"""Reading a text: width, script, Cantonese, fillers, folding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.understanding.text import PLACE, clean, read


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("物業亂收費", "物业乱收费"),
        ("ＡＢＣ１２３", "ABC123"),
        ("路 灯 坏 了", "路灯坏了"),
        ("a\x00b\x1fc", "a b c"),
        ("", ""),
    ],
)
def test_clean(text: str, said: str) -> None:
    assert clean(text) == said


def test_cantonese_is_read_as_mandarin_and_kept_as_said() -> None:
    text = read("我哋楼下嗰间铺好嘈")
    assert text.said == "我哋楼下嗰间铺好嘈"
    assert text.mandarin.startswith("我们楼下")
    assert text.mandarin.endswith("吵")


def test_places_and_numbers_are_folded() -> None:
    plain = read("天河区车陂路的路灯坏了,电话13800138000").plain
    assert plain == f"{PLACE}的路灯坏了"


def test_fillers_go_unless_they_are_all() -> None:
    assert read("喂你好,路灯坏了").plain == "路灯坏了"
    assert read("喂").plain == "喂"


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert len(read(text).said) <= 300 * 18  # one character may be written with up to eighteen
