"""Whose address counts for limits."""

import pytest

from bot.guard import peer_of


@pytest.mark.parametrize(
    ("remote", "forwarded", "peer"),
    [
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.2", "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        ("8.8.8.8", "203.0.113.9", "8.8.8.8"),
        ("127.0.0.1", "<script>", "127.0.0.1"),
        ("", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_peer(remote: str, forwarded: str, peer: str) -> None:
    assert peer_of(remote, forwarded) == peer
