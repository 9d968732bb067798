"""Three workers over a crowd of open tickets: is every mark struck in time, and once?"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.clock import now
from bot.desk import Desk
from bot.dispatch import LogDispatcher
from bot.store import Store
from bot.worker import Worker
from tests.bench.crowd import Crowd
from tests.bench.measurement import Measurement

SECONDS = 60
LATE_SECONDS = 1.0
# The busiest minute of a city with 36.5 million calls a year, ten times over: about 12 marks a
# second. A day of the crowd holds the rest.
MARKS_A_SECOND = 12


class Noting:
    """Writes every struck mark with the time after its commit, a line each."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", buffering=1)

    async def publish(self, topic: str, event: dict[str, Any]) -> None:
        """One line a mark."""
        if event.get("type") == "deadline":
            print(json.dumps(event | {"told_at": now().isoformat()}), file=self._file)


async def work(url: str, path: str) -> None:
    """One worker, until killed. Its file is there once it is ready."""
    store = await Store.open(url)
    await Worker(store, Desk(store, Noting(Path(path))), LogDispatcher()).run()


def punctuality(name: str, url: str, count: int) -> Iterator[Measurement]:
    """Late and doubled marks of a minute."""
    days = count * 3 / MARKS_A_SECOND / 86400
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        notes = [Path(folder) / f"{number}.jsonl" for number in range(3)]
        workers = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.bench.workers", url, str(path)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for path in notes
        ]
        try:
            while not all(path.exists() for path in notes):
                time.sleep(0.1)
            first = now() + timedelta(seconds=10 + count / 2000)
            Crowd(url, first, days).add("A", count, open=True)
            if now() >= first:
                raise RuntimeError("the first mark fell due before the crowd was there")
            time.sleep((first - now()).total_seconds() + SECONDS)
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()
        lines = [json.loads(line) for path in notes for line in path.read_text().splitlines()]
    struck = Counter((line["ticket_no"], line["mark"]) for line in lines)
    late = [_late(line) for line in lines if _late(line) > LATE_SECONDS]
    size = f"3 workers, {count:,} open, {len(struck):,} marks in {SECONDS} s, {name}"
    doubled = sum(times - 1 for times in struck.values())
    worst = round(max((_late(line) for line in lines), default=0.0), 2)
    if len(struck) < MARKS_A_SECOND * SECONDS // 2:
        raise RuntimeError(f"only {len(struck)} marks were struck")
    yield Measurement(
        f"marks struck late by more than 1 s, {size}", len(late), "marks", goal=0, better="lower"
    )
    yield Measurement(f"marks struck twice, {size}", doubled, "marks", goal=0, better="lower")
    yield Measurement(f"worst lateness, {size}", worst, "s")


def _late(line: dict[str, Any]) -> float:
    told_at, due_at = (datetime.fromisoformat(line[name]) for name in ("told_at", "due_at"))
    return (told_at - due_at).total_seconds()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(work(sys.argv[1], sys.argv[2]))
