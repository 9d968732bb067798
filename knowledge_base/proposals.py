"""Entries that wait for a second editor. Nothing of them is in force until one accepts.

Kept beside the editions, a file each: ``.editions/proposed/0001.json``.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.rules.errors import NotFound, Rejected


@dataclass(frozen=True)
class Proposal:
    """An entry (its YAML) for a theme file, with who wrote it, when and why."""

    number: int
    file: str
    yaml: str
    who: str
    why: str
    at: datetime


class Proposals:
    """The proposals of a folder of entries."""

    def __init__(self, folder: Path) -> None:
        self._kept = folder / ".editions" / "proposed"

    def waiting(self) -> list[Proposal]:
        """What waits, the longest first."""
        return [self._told(path) for path in sorted(self._kept.glob("[0-9]*.json"))]

    def get(self, number: int) -> Proposal:
        """The proposal of that number. NotFound: none, or not any more."""
        path = self._path(number)
        if not path.exists():
            raise NotFound(f"there is no proposal {number}")
        return self._told(path)

    def add(self, file: str, yaml: str, *, who: str, why: str, at: datetime) -> Proposal:
        """Keep one until somebody accepts it or sends it back."""
        self._kept.mkdir(parents=True, exist_ok=True)
        number = max((int(path.stem) for path in self._kept.glob("[0-9]*.*")), default=0)
        while True:
            number += 1
            proposal = Proposal(number, file, yaml, who, why, at)
            try:
                with self._path(number).open("x", encoding="utf-8") as out:
                    json.dump(asdict(proposal), out, ensure_ascii=False, default=str, indent=1)
            except FileExistsError:  # somebody else took the number
                continue
            return proposal

    def take(self, number: int) -> None:
        """It is over: accepted or sent back. NotFound: somebody was there first."""
        try:
            self._path(number).rename(self._kept / f"{number:04}.done")
        except FileNotFoundError:
            raise NotFound(f"there is no proposal {number}") from None

    def _path(self, number: int) -> Path:
        return self._kept / f"{number:04}.json"

    def _told(self, path: Path) -> Proposal:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Proposal(**(told | {"at": datetime.fromisoformat(told["at"])}))


def by_another(proposal: Proposal, editor: str) -> None:
    """Rejected, ``own_proposal``: nobody accepts what they wrote themselves."""
    if proposal.who == editor:
        raise Rejected("another editor accepts it", code="own_proposal", field="number")
