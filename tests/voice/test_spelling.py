"""Numbers as people say them."""

import pytest

from voice.spelling import spell


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("13800138000", "幺三八零零幺三八零零零"),
        ("020-83814282", "零二零八三八幺四二八二"),
        ("12345热线", "幺二三四五热线"),
        ("108号3栋201房", "一百零八号三栋二零一房"),
        ("22:30", "二十二点三十分"),
        ("2024年", "二零二四年"),
        ("停水3天", "停水三天"),
        ("三元里", "三元里"),
        ("20241122000001", "二零二四幺幺二二零零零零零幺"),
    ],
)
def test_spell(text: str, spoken: str) -> None:
    assert spell(text) == spoken
