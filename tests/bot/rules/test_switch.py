"""Switches: bounds, reasons, and back by themselves."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.clock import SHANGHAI
from bot.rules.errors import Rejected
from bot.rules.switch import KNOWN, LONGEST, Setting, checked, standing

AT = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
OFF = Setting("machine.web", False, "wu", "r", AT, AT + timedelta(hours=1))


def test_what_nobody_set_is_as_usual():
    assert standing([], AT) == {name: switch.usual for name, switch in KNOWN.items()}


@pytest.mark.parametrize(("minutes", "value"), [(0, False), (59, False), (60, True), (600, True)])
def test_a_switch_is_back_by_itself(minutes, value):
    assert standing([OFF], AT + timedelta(minutes=minutes))["machine.web"] is value


def test_without_an_end_it_stays():
    assert standing([replace(OFF, until=None)], AT + timedelta(days=99))["machine.web"] is False


def test_a_name_that_is_no_more_changes_nothing():
    assert standing([replace(OFF, name="gone")], AT) == standing([], AT)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "x"}, "name"),
        ({"value": 1}, "value"),
        ({"value": "no"}, "value"),
        ({"name": "announcement", "value": "x" * 201}, "value"),
        ({"name": "announcement", "value": "\x00"}, "value"),
        ({"name": "chats_at_once", "value": 0}, "value"),
        ({"name": "chats_at_once", "value": True}, "value"),
        ({"reason": " "}, "reason"),
        ({"until": AT}, "until"),
        ({"until": AT + LONGEST + timedelta(seconds=1)}, "until"),
    ],
)
def test_what_may_not_be_set(change, field):
    with pytest.raises(Rejected) as refused:
        checked(replace(OFF, **change))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("name", "value"), [("machine.phone", False), ("announcement", ""), ("chats_at_once", 20)]
)
def test_what_may_be_set(name, value):
    assert checked(replace(OFF, name=name, value=value)).value == value
