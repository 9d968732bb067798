from pathlib import Path

from tests.kills import Verdict, killed
from tests.postgres import cluster

KILLS = 10


def check(verdict: Verdict) -> None:
    assert verdict.acknowledged > KILLS
    flaws = (verdict.lost, verdict.doubled, verdict.delivered_twice, verdict.undelivered)
    assert (*flaws, verdict.broken_histories) == (0, 0, 0, 0, 0), verdict


async def test_nothing_is_lost_or_doubled_on_sqlite(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    check(await killed(f"sqlite+aiosqlite:///{tmp_path / 'k.db'}", notes, KILLS, None))


async def test_nothing_is_lost_or_doubled_when_postgresql_is_killed(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    with cluster("max_connections=100") as server:
        check(await killed(server.create("kills"), notes, KILLS, server))
