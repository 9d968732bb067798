"""Quality inspection by rules."""

from datetime import datetime, timedelta

import pytest

from bot.clock import SHANGHAI
from bot.desk.words import desk_words
from bot.rules.inspection import Said, inspect
from bot.rules.report import APPEAL, QUESTION

AT = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
WORDS = desk_words()
GOOD = [("caller", "转人工"), ("agent", "您好"), ("caller", "灯坏了"), ("agent", "感谢，再见")]


def talk(*turns, gap=10):
    return [
        Said(n, who, text, AT + timedelta(seconds=n * gap)) for n, (who, text) in enumerate(turns)
    ]


def rules(turns, tickets=(), accepted=AT):
    return {found.rule for found in inspect(turns, tickets, accepted, WORDS.manners, WORDS.ear)}


def test_a_good_talk_has_nothing():
    assert rules(talk(*GOOD)) == set()


@pytest.mark.parametrize(
    ("turns", "rule"),
    [
        ([*GOOD, ("agent", "这不归我管，再见")], "rude"),
        ([*GOOD, ("agent", "我保证解决，再见")], "promise"),
        ([*GOOD, ("agent", "三天内办好，再见")], "promise"),
        ([("agent", "说"), ("agent", "什么"), ("agent", "再见")], "no_greeting"),
        ([("agent", "您好"), ("agent", "记下了"), ("agent", "挂了")], "no_farewell"),
        (
            [("caller", "喂"), ("bot", "MACHINE"), ("agent", "您好，再见")],
            "machine_after_acceptance",
        ),
    ],
)
def test_what_is_found(turns, rule):
    assert rule in rules(talk(*turns))


def test_silence_is_found_once_a_wait():
    assert "silence" in rules(talk(*GOOD, gap=100))
    assert "silence" not in rules(talk(*GOOD, gap=80))


def test_a_ticket_is_held_against_what_was_said():
    turns = talk(("caller", "我要投诉，电话13800138000"), ("agent", "您好"), ("agent", "再见"))
    assert rules(turns, [{"kind": QUESTION}]) >= {"unsaid", "as_question", "no_read_back"}
    noted = {"kind": APPEAL, "phone": "13800138000"}
    assert rules(turns, [noted]) == {"no_read_back"}


SENTENCE = "您反映的路灯不亮的问题我们已经记录下来了再见"  # 22 characters


@pytest.mark.parametrize(
    ("seconds", "over", "found"),
    [
        (0.0, 0.0, set()),  # written
        (5.0, 0.0, set()),
        (22 / 5.5, 0.9, set()),
        (3.9, 0.0, {"too_fast"}),
        (22 / 2.0, 0.0, set()),
        (11.1, 0.0, {"too_slow"}),
        (5.0, 1.0, {"over_talk"}),
    ],
)
def test_how_it_was_spoken(seconds, over, found):
    spoken = Said(9, "agent", SENTENCE, AT + timedelta(seconds=60), seconds, over)
    assert rules([*talk(*GOOD), spoken]) == found


def test_a_short_word_has_no_speed():
    spoken = Said(9, "agent", "再见", AT + timedelta(seconds=60), 0.1, 0.0)
    assert rules([*talk(*GOOD), spoken]) == set()


def test_the_machine_alone_is_not_judged_for_manners():
    assert rules(talk(("caller", "灯"), ("bot", "好")), accepted=None) == set()
