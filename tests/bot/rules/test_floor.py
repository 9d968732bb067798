"""The floor's figures: answered in time, and what the machine truly kept."""

from datetime import datetime, timedelta

import pytest

from bot.clock import SHANGHAI
from bot.rules.floor import Contact, connected, contained
from bot.rules.handoff import Handoff, HandoffStatus, Reason, Skill

AT = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)


def asked(channel, waited, status=HandoffStatus.ACCEPTED):
    over = AT + timedelta(seconds=waited)
    return Handoff(
        id=1,
        session_id="s",
        reason=Reason.ASKED,
        skill=Skill.MANDARIN,
        channel=channel,
        priority=4,
        status=status,
        summary="",
        requested_at=AT,
        accepted_at=over if status is HandoffStatus.ACCEPTED else None,
        closed_at=over if status is HandoffStatus.ABANDONED else None,
    )


@pytest.mark.parametrize(
    ("handoff", "phone", "figures"),
    [
        (asked("phone", 15), True, (1, 1, 1, 0)),
        (asked("phone", 16), True, (1, 0, 1, 0)),
        (asked("web", 180), False, (1, 1, 1, 0)),
        (asked("web", 181), False, (1, 0, 1, 0)),
        (asked("web", 1), True, (0, 0, 0, 0)),
        (asked("phone", 5, HandoffStatus.ABANDONED), True, (1, 0, 0, 1)),
    ],
)
def test_answered_in_time(handoff, phone, figures):
    found = connected([handoff], AT + timedelta(hours=1), phone=phone)
    assert (found.asked, found.in_time, found.answered, found.abandoned) == figures


@pytest.mark.parametrize(("seconds", "counted"), [(14, 0), (16, 1)])
def test_who_still_waits_counts_once_the_time_is_over(seconds, counted):
    waiting = asked("phone", 0, HandoffStatus.WAITING)
    found = connected([waiting], AT + timedelta(seconds=seconds), phone=True)
    assert (found.asked, found.share) == (counted, 0 if counted else None)


def test_containment_counts_only_who_did_not_come_back():
    day = timedelta(days=1)
    contacts = [
        Contact("a", AT, handed=False),
        Contact("b", AT, handed=False),
        Contact(None, AT, handed=False),
        Contact("c", AT, handed=True),
        Contact("a", AT + day, handed=True),
        Contact("b", AT + day + timedelta(seconds=1), handed=False),
    ]
    found = contained(contacts)
    assert (found.sessions, found.kept, found.again) == (6, 4, 1)
    assert found.share == 0.5
    assert contained([]).share is None
