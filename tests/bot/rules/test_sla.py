from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.clock import SHANGHAI
from bot.rules.sla import ClockName, Mark, light, running_marks, transfer_deadlines
from bot.rules.ticket import (
    Draft,
    Kind,
    Light,
    Nature,
    Progress,
    Ticket,
    TicketStatus,
    Urgency,
)
from knowledge_base.sla import load_policy

POLICY = load_policy()
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)


def ticket(**draft: object) -> Ticket:
    one = Ticket(
        ticket_no="GZ20261123000001",
        session_id="s1",
        draft=Draft(**draft),  # type: ignore[arg-type]
        status=TicketStatus.AWAITING_TRANSFER,
        accepted_at=MONDAY,
        transfer_due_at=MONDAY + timedelta(minutes=15),
        due_at=MONDAY,
    )
    return replace(one, due_at=POLICY.handling_due(one))


@pytest.mark.parametrize(
    ("urgency", "minutes"),
    [
        (Urgency.NORMAL, (10, 13, 15)),
        (Urgency.RAISED, (10, 13, 15)),
        (Urgency.URGENT, (3, 4, 5)),
        (Urgency.CRITICAL, (3, 4, 5)),
    ],
)
def test_the_transfer_clock_is_natural_time(
    urgency: Urgency, minutes: tuple[int, int, int]
) -> None:
    midnight = datetime(2026, 10, 1, 23, 50, tzinfo=SHANGHAI)  # a holiday, over midnight
    marks = transfer_deadlines(midnight, urgency, POLICY)
    assert [mark.due_at - midnight for mark in marks] == [timedelta(minutes=m) for m in minutes]
    assert [mark.mark for mark in marks] == [Mark.WARNING, Mark.ALARM, Mark.BREACH]


@pytest.mark.parametrize(
    ("kind", "nature", "days"),
    [
        (Kind.CONSULTATION, None, 2),
        (Kind.SUGGESTION, None, 10),
        (Kind.APPEAL, Nature.HELP, 10),
        (Kind.APPEAL, Nature.COMPLAINT, 15),
        (Kind.APPEAL, None, 15),
    ],
)
def test_handling_takes_the_provincial_days(kind: Kind, nature: Nature | None, days: int) -> None:
    assert POLICY.working_days(ticket(kind=kind, nature=nature)) == days


def test_a_closer_row_wins_over_a_looser_one() -> None:
    rows = (*POLICY.handling, replace(POLICY.handling[0], working_days=1, urgency=Urgency.URGENT))
    policy = replace(POLICY, handling=rows)
    assert policy.working_days(ticket(kind=Kind.CONSULTATION)) == 2
    urgent = ticket(kind=Kind.CONSULTATION, urgency=Urgency.URGENT)
    assert policy.working_days(urgent) == 1


def test_every_row_of_the_policy_names_its_source() -> None:
    assert all(row.source for row in (*POLICY.transfer, *POLICY.handling))


def handled() -> Ticket:
    """With its unit since Monday 9:05, due on Wednesday at 18."""
    since = MONDAY + timedelta(minutes=5)
    return replace(
        ticket(kind=Kind.CONSULTATION),
        status=TicketStatus.SIGNED,
        progress=Progress(transferred_at=since, started_at=since, given_at=since),
    )


def test_handling_warns_at_half_at_four_fifths_and_at_the_end() -> None:
    marks = running_marks(handled(), POLICY)
    assert [mark.clock for mark in marks] == [ClockName.HANDLING] * 3
    start, due = MONDAY + timedelta(minutes=5), handled().due_at
    total = due - start  # three working days in a row
    assert [mark.due_at for mark in marks] == [start + total * 0.5, start + total * 0.8, due]


@pytest.mark.parametrize(
    ("one", "minutes", "shown"),
    [
        (ticket(), 9.9, Light.GREEN),
        (ticket(), 10, Light.AMBER),
        (ticket(), 12.9, Light.AMBER),
        (ticket(), 13, Light.RED),
        (ticket(), 15, Light.RED),
        (ticket(urgency=Urgency.URGENT), 3, Light.AMBER),
        (ticket(urgency=Urgency.URGENT), 4, Light.RED),
        (handled(), 60, Light.GREEN),
        (handled(), 60 * 50, Light.AMBER),
        (handled(), 60 * 58, Light.RED),
        (replace(handled(), status=TicketStatus.SUSPENDED), 60 * 58, None),
        (replace(handled(), status=TicketStatus.ARCHIVED), 60 * 58, None),
    ],
)
def test_lights(one: Ticket, minutes: float, shown: Light | None) -> None:
    assert light(one, MONDAY + timedelta(minutes=minutes), POLICY) is shown
