"""The schedules of the training."""

import pytest

from voice.training.plan import WARM_UP, Plan, further, new


@pytest.mark.parametrize("plan", [new(60), further(60)])
def test_the_rate_rises_quickly_and_falls_to_nearly_nothing(plan: Plan) -> None:
    rates = [plan.rate_at(step, step / 1000) for step in range(1001)]
    top = rates.index(max(rates))
    assert top <= WARM_UP
    assert rates[top] == pytest.approx(plan.rate, rel=0.01)
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert 0 < rates[-1] < plan.rate / 100


def test_a_new_training_begins_roughly() -> None:
    plan = new(60)
    assert [plan.alone(share) for share in (0.0, 0.1, 0.5)] == [True, True, False]
    assert [plan.stride(share) for share in (0.0, 0.5, 0.7, 0.9, 1.1)] == [3, 3, 2, 1, 1]


def test_a_resumed_one_does_everything_in_full() -> None:
    plan = further(60)
    assert plan.resumed
    assert not any(plan.alone(share / 10) for share in range(11))
    assert {plan.stride(share / 10) for share in range(11)} == {1}
    assert plan.rate < new(60).rate


def test_the_true_windows_come_last() -> None:
    plan = further(60)
    assert not plan.last(54 * 60)
    assert plan.last(56 * 60)
