from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SHANGHAI
from bot.rules.call_back import Asked, Ending, Talk, grade_in, graded, heard
from knowledge_base.call_back import load_call_back

SCRIPT = load_call_back()
CASES = yaml.safe_load(Path(__file__).with_name("call_back_cases.yml").read_text(encoding="utf-8"))
MONDAY = datetime(2026, 11, 23, tzinfo=SHANGHAI)


@pytest.mark.parametrize(("text", "grade"), [(str(text), grade) for text, grade in CASES])
def test_the_grade_in_an_answer(text: str, grade: int | None) -> None:
    assert grade_in(text, SCRIPT.lexicon.grades) == grade


@pytest.mark.parametrize(
    ("hour", "opens"),
    [(8.5, 9), (9, 9), (11.99, 11.99), (12, 14.5), (14.5, 14.5), (19.9, 19.9), (20, 33), (23, 33)],
)
def test_nobody_is_called_at_noon_or_at_night(hour: float, opens: float) -> None:
    at = MONDAY + timedelta(hours=hour)
    assert SCRIPT.hours.next_open(at) == MONDAY + timedelta(hours=opens)
    assert SCRIPT.hours.open_at(at) is (hour == opens)


def talk_of(*answers: str) -> Talk:
    talk = Talk()
    for answer in answers:
        talk = heard(talk, answer, SCRIPT.lexicon)
    return talk


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (("满意",), Talk(Asked.SERVICE, grade=4)),
        (("4", "5"), Talk(Asked.NOTHING, grade=4, service=5, ending=Ending.RATED)),
        (("2",), Talk(Asked.REASON, grade=2)),
        (("2", "灯还是不亮"), Talk(Asked.SERVICE, grade=2, reason="灯还是不亮")),
        (("2", "我在开会都被吵"), Talk(Asked.SERVICE, grade=2, reason="我在开会都被吵")),
        (("嗯?",), Talk(tries=1)),
        (("嗯?", "满意"), Talk(Asked.SERVICE, grade=4)),
        (("嗯?", "啊?"), Talk(Asked.NOTHING, tries=1, ending=Ending.UNCLEAR)),
        (("5", "啊?", "啊?"), Talk(Asked.NOTHING, tries=1, grade=5, ending=Ending.RATED)),
        (("我在开会",), Talk(Asked.NOTHING, ending=Ending.LATER)),
        (("你们不要再打了",), Talk(Asked.NOTHING, ending=Ending.DECLINED)),
        (("你打错了",), Talk(Asked.NOTHING, ending=Ending.WRONG_PERSON)),
        (("0",), Talk(Asked.NOTHING, ending=Ending.PERSON)),
        (("2", "我要找人工"), Talk(Asked.NOTHING, grade=2, ending=Ending.PERSON)),
    ],
)
def test_how_a_call_goes(answers: tuple[str, ...], expected: Talk) -> None:
    assert talk_of(*answers) == expected


@given(st.lists(st.sampled_from([str(text) for text, _ in CASES] + ["人工", "在开会"]), max_size=8))
def test_every_call_ends_and_a_grade_is_never_taken_back(answers: list[str]) -> None:
    talk = Talk()
    for answer in answers:
        after = heard(talk, answer, SCRIPT.lexicon)
        assert talk.grade is None or after.grade == talk.grade
        assert (after.ending is None) is (after.asked is not Asked.NOTHING)
        if after.ending is not None:
            assert after.ending is not Ending.RATED or after.grade is not None
            break
        talk = after
    assert len(answers) < 6 or after.ending is not None


def test_everything_the_robot_may_say_is_there() -> None:
    names = {ending.value for ending in Ending} | {"opening", "no_person", "over"}
    names |= {"reason", "service", "service_after_reason", "result_again", "service_again"}
    assert names == set(SCRIPT.replies)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5", (5, "")),
        (" 满意。", (4, "")),
        ("非常满意\uff01谢谢", (5, "谢谢")),
        ("不满意,没修好,还是漏", (2, "没修好,还是漏")),
        ("唔满意", (2, "")),
        ("6", None),
        ("我对物业不满意", None),
        ("满意度怎么查", None),
        ("", None),
    ],
)
def test_a_message_that_is_a_grade(text: str, found: tuple[int, str] | None) -> None:
    assert graded(text, SCRIPT.lexicon.grades) == found
