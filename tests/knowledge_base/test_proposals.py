"""Entries that wait for a second editor."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from bot.clock import SHANGHAI
from bot.rules.errors import NotFound, Rejected
from knowledge_base.proposals import Proposals, Return, by_another

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


def test_what_is_sent_back_waits_for_its_author_with_the_reason(tmp_path: Path) -> None:
    proposals = Proposals(tmp_path)
    number = proposals.add("a.yml", "id: x", who="li", why="x", at=AT).number
    proposals.send_back(number, who="wang", why="no source", at=AT)
    assert proposals.waiting() == proposals.sent_back("wang") == []
    (back,) = proposals.sent_back("li")
    assert back.back == Return("wang", "no source", AT)
    assert (back.who, back.yaml) == ("li", "id: x")
    with pytest.raises(NotFound):
        proposals.send_back(number, who="wang", why="again", at=AT)
    with pytest.raises(NotFound):
        proposals.put_aside(number, who="wang")
    assert proposals.add("a.yml", "id: y", who="li", why="x", at=AT).number == number + 1
    proposals.put_aside(number, who="li")
    assert proposals.sent_back("li") == []
    kept = next(tmp_path.rglob(f"{number:04}.done")).read_text(encoding="utf-8")
    assert "no source" in kept, "the reason stays with the proposal"


def test_two_editors_send_it_back_at_once_and_one_reason_stands(tmp_path: Path) -> None:
    proposals = Proposals(tmp_path)
    number = proposals.add("a.yml", "id: x", who="li", why="x", at=AT).number

    def judged(who: str) -> bool:
        try:
            proposals.send_back(number, who=who, why=f"of {who}", at=AT)
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = dict(zip("abcdefgh", pool.map(judged, "abcdefgh"), strict=True))
    (winner,) = [who for who, first in won.items() if first]
    (back,) = proposals.sent_back("li")
    assert back.back == Return(winner, f"of {winner}", AT)
