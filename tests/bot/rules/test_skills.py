"""Which queue a caller belongs in."""

import pytest

from bot.desk.words import desk_words
from bot.rules.handoff import Reason, Skill
from bot.rules.skills import in_english, skill_for


@pytest.mark.parametrize(
    ("reason", "said", "skill"),
    [
        (Reason.ASKED, "转人工", Skill.MANDARIN),
        (Reason.CRISIS, "我唔想活喇，冇人理我", Skill.CRISIS),
        (Reason.EMERGENCY, "fire", Skill.CRISIS),
        (Reason.ASKED, "我哋呢度啲灯唔着", Skill.CANTONESE),
        (Reason.LANGUAGE, "请讲白话，粤语", Skill.CANTONESE),
        (Reason.ASKED, "hello I need help with my visa", Skill.ENGLISH),
        (Reason.ASKED, "any English speaker?", Skill.ENGLISH),
        (Reason.ASKED, "我用 wifi 上 app 办社保卡 ok 吗", Skill.MANDARIN),
        (Reason.ASKED, "我们公司的补贴一直没到", Skill.ENTERPRISE),
        (Reason.ENTERPRISE, "转人工", Skill.ENTERPRISE),
    ],
)
def test_queues(reason, said, skill):
    assert skill_for(reason, said, desk_words().tongues) is skill


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("Where is the office?", True),
        ("There's smoke in my flat, please help!", True),
        ("my wifi is broken 怎么办", False),
        ("hello hello hello", False),
        ("<img src=x onerror=alert(1)>", False),
        ("ok bye", False),
        ("我的 wifi app ok bye 都用不了", False),
        ("", False),
    ],
)
def test_english_is_a_sentence_of_it_and_nothing_else(said, english):
    assert in_english(said) is english
