from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.rules.errors import Rejected
from bot.rules.lifecycle import (
    CLOSE_KINDS,
    COORDINATIONS,
    RETURN_GROUNDS,
    SUPERVISIONS,
    Order,
    carry_out,
)
from bot.rules.sla import Mark, running_marks
from bot.rules.ticket import (
    TRANSITIONS,
    Command,
    Draft,
    Kind,
    Ticket,
    TicketStatus,
    Urgency,
    commands_for,
)
from knowledge_base.sla import load_policy
from tests.bot.conftest import MONDAY

POLICY = load_policy()
TOLD = {"reply": "已修复", "close_kind": "solved", "caller_told": True}
FACTS: dict[Command, dict[str, Any]] = {
    Command.ANSWER: TOLD,
    Command.ANSWER_MERGED: TOLD,
    Command.TRANSFER: {"lead_unit": "天河区水务局"},
    Command.REPLY: TOLD,
    Command.RETURN: {"ground": "not_ours"},
    Command.EXTEND: {"caller_told": True, "working_days": 5},
    Command.MERGE: {"into": "GZ20261123000002"},
    Command.SUPERVISE: {"way": "urging"},
    Command.MARK_DIFFICULT: {"way": "meeting"},
    Command.REFER: {"reply": "请拨打12368"},
}


def accepted(status: TicketStatus = TicketStatus.AWAITING_TRANSFER, **draft: Any) -> Ticket:
    one = Ticket(
        ticket_no="GZ20261123000001",
        session_id="s1",
        draft=Draft(**draft),
        status=status,
        accepted_at=MONDAY,
        transfer_due_at=MONDAY + timedelta(minutes=15),
        due_at=MONDAY,
    )
    return replace(one, due_at=POLICY.handling_due(one))


def order(command: Command, at: datetime = MONDAY, **facts: Any) -> Order:
    return Order(command, "a1", at, "因为", FACTS.get(command, {}) | facts)


def after(*commands: Command, at: datetime = MONDAY, **draft: Any) -> Ticket:
    ticket = accepted(**draft)
    for command in commands:
        ticket = carry_out(ticket, order(command, at), POLICY)
    return ticket


TO_WORK = (Command.TRANSFER, Command.SIGN, Command.START)
TO_CALL_BACK = (*TO_WORK, Command.REPLY, Command.CLOSE, Command.CALL_BACK)
ROUND = (Command.REWORK, Command.REPLY, Command.CLOSE, Command.CALL_BACK)


def outcome(ticket: Ticket, command: Command) -> TicketStatus | str:
    """The status an order leads to, or the code of its refusal."""
    try:
        return carry_out(ticket, order(command), POLICY).status
    except Rejected as error:
        return error.code


@pytest.mark.parametrize("status", list(TicketStatus))
@pytest.mark.parametrize("command", list(Command))
def test_nothing_skips_the_table(status: TicketStatus, command: Command) -> None:
    transition = TRANSITIONS[command]
    became = outcome(replace(accepted(), status=status), command)
    if status not in transition.sources:
        assert became == "not_in_table"
    elif isinstance(became, TicketStatus):
        assert became is (transition.to or status)
    else:
        assert became != "not_in_table"


def test_every_status_can_be_reached_and_left_to_an_end() -> None:
    reached = {TicketStatus.ACCEPTED, TicketStatus.AWAITING_TRANSFER}
    for _ in TicketStatus:
        reached |= {t.to for t in TRANSITIONS.values() if t.to is not None and t.sources & reached}
    assert reached == set(TicketStatus)
    ends = {TicketStatus.ARCHIVED, TicketStatus.WITHDRAWN, TicketStatus.REFERRED}
    assert {s for s in TicketStatus if not commands_for(s)} == ends


@pytest.mark.parametrize(
    ("ticket", "command", "facts", "code", "field"),
    [
        (accepted(), Command.TRANSFER, {"lead_unit": ""}, "missing", "lead_unit"),
        (accepted(), Command.ANSWER, {"reply": " "}, "missing", "reply"),
        (accepted(), Command.ANSWER, {"close_kind": "x"}, "unknown", "close_kind"),
        (after(*TO_WORK), Command.REPLY, {"caller_told": False}, "missing", "caller_told"),
        (after(*TO_WORK), Command.REPLY, {"reply": ""}, "missing", "reply"),
        (after(*TO_WORK), Command.EXTEND, {"working_days": 11}, "out_of_range", "working_days"),
        (after(*TO_WORK), Command.EXTEND, {"caller_told": False}, "missing", "caller_told"),
        (after(*TO_WORK, Command.EXTEND), Command.EXTEND, {}, "used_up", "extensions"),
        (after(Command.TRANSFER), Command.RETURN, {"ground": "tired"}, "unknown", "ground"),
        (accepted(), Command.MERGE, {"into": "GZ20261123000001"}, "same", "into"),
        (accepted(), Command.SUPERVISE, {"way": "shout"}, "unknown", "way"),
        (after(*TO_CALL_BACK), Command.COORDINATE, {}, "too_early", "rework_count"),
        (
            after(Command.TRANSFER, Command.RETURN),
            Command.COORDINATE,
            {},
            "too_early",
            "returns",
        ),
    ],
)
def test_what_an_order_needs(
    ticket: Ticket, command: Command, facts: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Rejected) as refused:
        carry_out(ticket, order(command, **facts), POLICY)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_reason_is_needed_where_somebody_else_bears_it() -> None:
    for ticket, command in (
        (after(*TO_WORK), Command.EXTEND),
        (after(*TO_WORK), Command.SUSPEND),
        (after(Command.TRANSFER), Command.RETURN),
    ):
        bare = Order(command, "a1", MONDAY, " ", FACTS.get(command, {}))
        with pytest.raises(Rejected) as refused:
            carry_out(ticket, bare, POLICY)
        assert refused.value.field == "reason"


def test_an_extension_counts_from_the_old_deadline_and_comes_before_it() -> None:
    ticket = after(*TO_WORK, kind=Kind.CONSULTATION)
    extended = carry_out(ticket, order(Command.EXTEND, working_days=2), POLICY)
    assert extended.due_at == ticket.due_at + timedelta(days=2)
    with pytest.raises(Rejected) as refused:
        carry_out(ticket, order(Command.EXTEND, ticket.due_at), POLICY)
    assert refused.value.code == "too_late"


def test_a_return_comes_within_a_working_day_and_twice_at_most() -> None:
    given = after(Command.TRANSFER)
    in_time = MONDAY.replace(hour=18) + timedelta(days=1)
    assert carry_out(given, order(Command.RETURN, in_time), POLICY).progress.returns == 1
    with pytest.raises(Rejected) as late:
        carry_out(given, order(Command.RETURN, in_time + timedelta(minutes=1)), POLICY)
    assert late.value.code == "too_late"
    again = (Command.TRANSFER, Command.RETURN, Command.UPHOLD_RETURN)
    ticket = after(*again, *again, Command.TRANSFER)
    with pytest.raises(Rejected) as third:
        carry_out(ticket, order(Command.RETURN), POLICY)
    assert third.value.code == "used_up"


def test_suspension_stops_the_handling_clock_and_gives_the_time_back() -> None:
    ticket = after(*TO_WORK, kind=Kind.CONSULTATION)
    stopped = carry_out(ticket, order(Command.SUSPEND), POLICY)
    assert running_marks(stopped, POLICY) == []
    resumed = carry_out(stopped, order(Command.RESUME, MONDAY + timedelta(days=1)), POLICY)
    assert resumed.due_at == ticket.due_at + timedelta(days=1)


def test_the_transfer_clock_is_never_stopped() -> None:
    for status in (TicketStatus.ACCEPTED, TicketStatus.AWAITING_TRANSFER):
        assert Command.SUSPEND not in commands_for(status)


def test_a_hazard_outlives_its_withdrawal() -> None:
    with pytest.raises(Rejected) as refused:
        carry_out(accepted(urgency=Urgency.URGENT), order(Command.WITHDRAW), POLICY)
    assert refused.value.code == "hazard"


def test_rework_once_in_five_working_days_then_coordination() -> None:
    reworked = after(*TO_CALL_BACK, Command.REWORK)
    assert reworked.due_at == MONDAY.replace(hour=18) + timedelta(days=7)  # over a weekend
    again = after(*TO_CALL_BACK, *ROUND)
    with pytest.raises(Rejected) as refused:
        carry_out(again, order(Command.REWORK), POLICY)
    assert refused.value.code == "reworked"
    assert carry_out(again, order(Command.COORDINATE), POLICY).progress.difficult


class Life(RuleBasedStateMachine):
    """Any sequence of commands, sensible or not, at any time."""

    @initialize(
        kind=st.sampled_from(Kind),
        urgency=st.sampled_from(Urgency),
        status=st.sampled_from([TicketStatus.ACCEPTED, TicketStatus.AWAITING_TRANSFER]),
    )
    def open(self, kind: Kind, urgency: Urgency, status: TicketStatus) -> None:
        self.ticket = accepted(status, kind=kind, urgency=urgency)
        self.now = MONDAY
        self.carried = 0
        self.reworks = 0

    def do(self, command: Command, facts: dict[str, Any]) -> None:
        before = self.ticket
        try:
            self.ticket = carry_out(before, order(command, self.now, **facts), POLICY)
        except Rejected:
            assert self.ticket is before
            return
        assert before.status in TRANSITIONS[command].sources
        self.carried += 1
        self.reworks += command is Command.REWORK

    @precondition(lambda self: commands_for(self.ticket.status))
    @rule(data=st.data(), wait=st.timedeltas(timedelta(), timedelta(days=4)))
    def follow(self, data: st.DataObject, wait: timedelta) -> None:
        self.now += wait
        self.do(data.draw(st.sampled_from(commands_for(self.ticket.status))), {})

    @rule(
        command=st.sampled_from(Command),
        facts=st.fixed_dictionaries(
            {},
            optional={
                "lead_unit": st.sampled_from(["", "天河区水务局"]),
                "reply": st.sampled_from(["", "好"]),
                "close_kind": st.sampled_from(sorted(CLOSE_KINDS)),
                "way": st.sampled_from(sorted(COORDINATIONS | SUPERVISIONS)),
                "ground": st.sampled_from(sorted(RETURN_GROUNDS)),
                "working_days": st.integers(-1, 30),
                "caller_told": st.booleans(),
            },
        ),
    )
    def stumble(self, command: Command, facts: dict[str, Any]) -> None:
        self.do(command, facts)

    @invariant()
    def holds(self) -> None:
        ticket, progress = self.ticket, self.ticket.progress
        assert ticket.version == 1 + self.carried
        assert self.reworks == progress.rework_count <= 1
        assert progress.returns <= 2
        assert progress.extensions <= POLICY.extensions
        assert ticket.transfer_due_at == MONDAY + timedelta(minutes=15)
        if ticket.status in (TicketStatus.ARCHIVED, TicketStatus.CLOSED):
            assert progress.reply
        marks = running_marks(ticket, POLICY)
        assert [mark.due_at for mark in marks] == sorted(mark.due_at for mark in marks)
        assert [m for m in marks if m.mark is Mark.BREACH] == marks[-1:]


Life.TestCase.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
TestLife = Life.TestCase


@given(st.lists(st.sampled_from(Command), max_size=40))
def test_no_sequence_archives_without_an_answer(commands: list[Command]) -> None:
    ticket = accepted()
    for command in commands:
        try:
            ticket = carry_out(ticket, order(command), POLICY)
        except Rejected:
            continue
    if ticket.status is TicketStatus.ARCHIVED:
        assert ticket.progress.reply
        assert ticket.progress.replied_at is not None
