"""The draft at the desk: what is missing, what may be filled, three lines for a transfer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.words import desk_words
from bot.rules.brief import FIELDS, LONGEST, brief, masked, merged, missing
from bot.rules.errors import Rejected
from bot.rules.report import APPEAL, QUESTION

WORDS = desk_words().brief
WHOLE = dict.fromkeys(LONGEST, "x") | {"kind": APPEAL}


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (WHOLE, ()),
        ({}, ("kind", "category", "matter", "place", "district", "time", "name", "phone")),
        (WHOLE | {"place": ""}, ("place",)),
        ({"kind": QUESTION, "category": "x", "matter": "x", "anonymous": True}, ()),
        (WHOLE | {"name": "", "phone": None, "anonymous": True}, ()),
    ],
)
def test_what_is_missing(draft, expected):
    assert missing(draft, APPEAL) == expected


def test_fields_are_filled_and_the_rest_stays():
    assert merged({"time": "a", "tries": {}}, {"place": " b "}) == {
        "time": "a",
        "tries": {},
        "place": "b",
    }


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"x": "y"}, "x"),
        ({"place": 7}, "place"),
        ({"place": "x" * 501}, "place"),
        ({"matter": "a\x00"}, "matter"),
        ({"confidential": "yes"}, "confidential"),
    ],
)
def test_what_may_not_be_filled(fields, field):
    with pytest.raises(Rejected) as refused:
        merged({}, fields)
    assert refused.value.field == field


@given(st.dictionaries(st.sampled_from(sorted(FIELDS)), st.text(max_size=300)), st.text())
def test_a_summary_has_three_lines_and_no_number_in_clear(draft, promised):
    told = brief(draft | {"phone": "13800138000"}, promised.replace("\n", ""), WORDS)
    lines = told.split("\n")
    assert "13800138000" not in lines[0]
    assert len(told.splitlines()) >= 3


def test_the_lines_tell_who_what_where_and_what_was_promised():
    draft = {"name": "陈小明", "phone": "13800138000", "matter": "灯不亮", "place": "车陂路1号"}
    who, what, promised = brief(draft, "明天回电", WORDS).split("\n")
    assert "陈**" in who
    assert "138****8000" in who
    assert "灯不亮" in what
    assert "车陂路1号" in what
    assert "明天回电" in promised


def test_others_see_neither_name_nor_number():
    shown = masked({"name": "陈小明", "phone": "13800138000", "place": "p"})
    assert shown == {"name": "陈**", "phone": "138****8000", "place": "p"}
