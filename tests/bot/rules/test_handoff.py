import pytest

from bot.rules.errors import Rejected
from bot.rules.handoff import PRIORITIES, TRANSITIONS, HandoffStatus, Reason, next_status


def test_a_crisis_goes_before_everything_and_every_reason_has_its_place() -> None:
    assert set(PRIORITIES) == set(Reason)
    assert min(PRIORITIES, key=lambda reason: PRIORITIES[reason]) is Reason.CRISIS
    assert sum(priority == PRIORITIES[Reason.CRISIS] for priority in PRIORITIES.values()) == 1


@pytest.mark.parametrize("status", list(HandoffStatus))
@pytest.mark.parametrize("command", sorted(TRANSITIONS))
def test_nothing_skips_the_table(status: HandoffStatus, command: str) -> None:
    sources, to = TRANSITIONS[command]
    if status in sources:
        assert next_status(status, command) is to
        return
    with pytest.raises(Rejected) as refused:
        next_status(status, command)
    assert refused.value.code == ("already_accepted" if command == "accept" else "not_in_table")
