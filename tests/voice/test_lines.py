"""Only announced calls are let in, once."""

import pytest

from bot.rules.errors import NotFound
from bot.rules.session import Next
from voice.lines import KEPT, WAIT_SECONDS, Lines


def test_an_announced_call_is_let_in_once() -> None:
    lines = Lines(2)
    call = lines.announce("13800138000", 0.0)
    assert lines.take(call, 1.0).caller == "13800138000"
    with pytest.raises(NotFound):
        lines.take(call, 1.0)


@pytest.mark.parametrize("call", ["", "00000000-0000-0000-0000-000000000000", "x" * 1000])
def test_an_unknown_call_is_not(call: str) -> None:
    with pytest.raises(NotFound):
        Lines(2).take(call, 0.0)


def test_an_announcement_grows_old() -> None:
    lines = Lines(2)
    call = lines.announce(None, 0.0)
    with pytest.raises(NotFound):
        lines.take(call, WAIT_SECONDS + 0.1)


def test_full_is_full_until_one_leaves() -> None:
    lines = Lines(1)
    call = lines.announce(None, 0.0)
    lines.take(call, 0.0)
    assert lines.full
    lines.leave(call, Next.HANG_UP)
    assert not lines.full
    assert lines.then(call) is Next.HANG_UP


def test_in_doubt_a_person() -> None:
    lines = Lines(1)
    assert lines.then("unknown") is Next.AGENT
    assert lines.then(lines.announce(None, 0.0)) is Next.AGENT


def test_memory_is_bounded() -> None:
    lines = Lines(1)
    first = lines.announce(None, 0.0)
    for _ in range(KEPT):
        lines.announce(None, 0.0)
    with pytest.raises(NotFound):
        lines.take(first, 0.0)
