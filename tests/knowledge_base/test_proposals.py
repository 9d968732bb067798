"""Entries that wait for a second editor."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from bot.clock import SHANGHAI
from bot.rules.errors import NotFound, Rejected
from knowledge_base.proposals import Proposals, by_another

AT = datetime(2026, 11, 22, 12, 0, tzinfo=SHANGHAI)


def test_each_waits_under_a_number_of_its_own_until_it_is_taken(tmp_path: Path) -> None:
    proposals = Proposals(tmp_path)
    assert proposals.waiting() == []

    def propose(number: int) -> int:
        return proposals.add("a.yml", f"id: {number}", who="li", why="x", at=AT).number

    with ThreadPoolExecutor(8) as pool:
        numbers = set(pool.map(propose, range(20)))
    assert numbers == set(range(1, 21))
    proposals.take(20)
    assert [one.number for one in proposals.waiting()] == list(range(1, 20))
    assert propose(21) == 21  # a number is given once
    with pytest.raises(NotFound):
        proposals.take(20)
    with pytest.raises(NotFound):
        proposals.get(20)


def test_nobody_accepts_their_own(tmp_path: Path) -> None:
    proposal = Proposals(tmp_path).add("a.yml", "id: x", who="li", why="x", at=AT)
    by_another(proposal, "wang")
    with pytest.raises(Rejected):
        by_another(proposal, "li")
