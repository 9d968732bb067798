"""What was said and not noted, and what to ask next."""

import pytest

from bot.desk.words import desk_words
from bot.rules.assist import Hint, hints, next_words
from bot.rules.report import APPEAL, QUESTION

EAR, ASKS = desk_words().ear, desk_words().asks


@pytest.mark.parametrize(
    ("said", "draft", "expected"),
    [
        (["我的电话是13800138000"], {}, Hint("unsaid", "phone", "13800138000")),
        (["我的电话是13800138000"], {"phone": "13800138000"}, None),
        (["电话13800138000", "说错了是13900139000"], {}, Hint("unsaid", "phone", "13900139000")),
        (["天河区车陂路12号的灯坏了"], {}, Hint("unsaid", "district", "天河区")),
        (
            ["天河区车陂路12号的灯坏了"],
            {"district": "越秀区"},
            Hint("unsaid", "district", "天河区"),
        ),
        (["在天河区"], {"place": "天河区车陂路"}, Hint("unsaid", "district", "天河区")),
        (["昨天晚上开始的"], {}, Hint("unsaid", "time", "昨天晚上")),
        (["昨天晚上开始的"], {"matter": "昨天晚上开始停水"}, None),
        (["我姓陈，不要告诉他们"], {}, Hint("unsaid", "confidential", "true")),
        (["我姓陈，不要告诉他们"], {}, Hint("unsaid", "name", "陈")),
        (["我要投诉物业"], {"kind": QUESTION}, Hint("as_question", "kind", "投诉")),
        (["我要投诉物业"], {"kind": APPEAL}, None),
        (["请问社保怎么办"], {"kind": QUESTION}, None),
        ([""], {}, None),
    ],
)
def test_what_is_pointed_out(said, draft, expected):
    found = hints(said, draft, EAR)
    if expected is None:
        assert found == []
    else:
        assert expected in found


def test_one_hint_a_field():
    found = hints(["在天河区车陂路1号", "不对，在天河区棠下涌东路2号"], {}, EAR)
    assert len({hint.field for hint in found}) == len(found)


def test_next_words_ask_for_what_is_missing_and_then_read_back():
    assert next_words(["place", "time", "name"], ASKS, "R", began=False) == [
        ASKS["greeting"],
        ASKS["place"],
        ASKS["time"],
    ]
    assert next_words([], ASKS, "R", began=True) == ["R"]
