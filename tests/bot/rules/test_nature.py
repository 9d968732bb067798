"""What a caller calls a matter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.nature import nature_of
from bot.rules.ticket import Kind, Nature


@pytest.mark.parametrize(
    ("matter", "kind", "nature"),
    [
        ("我要举报黑作坊", Kind.APPEAL, Nature.REPORT),
        ("投诉物业乱收费", Kind.APPEAL, Nature.COMPLAINT),
        ("我要投诉也要举报这家店", Kind.APPEAL, Nature.REPORT),
        ("老人无人照顾,特此求助", Kind.APPEAL, Nature.HELP),
        ("帮帮我,工钱拿不到", Kind.APPEAL, Nature.HELP),
        ("路灯坏了三天", Kind.APPEAL, None),
        ("感谢三号窗口的同志", Kind.SUGGESTION, Nature.PRAISE),
        ("建议多装路灯", Kind.SUGGESTION, None),
        ("在哪里投诉", Kind.CONSULTATION, None),
    ],
)
def test_nature_of(matter: str, kind: Kind, nature: Nature | None) -> None:
    assert nature_of(matter, kind) is nature


@given(st.text(), st.sampled_from(Kind))
def test_any_text_gets_an_answer(matter: str, kind: Kind) -> None:
    assert nature_of(matter, kind) in {None, *Nature}
