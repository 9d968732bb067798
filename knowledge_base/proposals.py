"""Entries that wait for a second editor. Nothing of them is in force until one accepts.

Kept beside the editions, a file each: ``.editions/proposed/0001.json`` while it waits, ``.back``
once it is sent back and its author has not put it aside, ``.done`` for good.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import get_ident
from typing import Any

from bot.rules.errors import NotFound, Rejected


@dataclass(frozen=True)
class Return:
    """That a proposal was sent back: by whom, when and why."""

    who: str
    why: str
    at: datetime


@dataclass(frozen=True)
class Proposal:
    """An entry (its YAML) for a theme file, with who wrote it, when and why."""

    number: int
    file: str
    yaml: str
    who: str
    why: str
    at: datetime
    back: Return | None = None


class Proposals:
    """The proposals of a folder of entries."""

    def __init__(self, folder: Path) -> None:
        self._kept = folder / ".editions" / "proposed"

    def waiting(self) -> list[Proposal]:
        """What waits, the longest first."""
        return list(self._there("json"))

    def sent_back(self, who: str) -> list[Proposal]:
        """What ``who`` wrote, was sent back, and was not put aside since, the oldest first."""
        return [one for one in self._there("back") if one.who == who and one.back is not None]

    def get(self, number: int) -> Proposal:
        """The proposal of that number. NotFound: none, or not any more."""
        try:
            return _read(self._path(number))
        except FileNotFoundError:
            raise NotFound(f"there is no proposal {number}") from None

    def add(self, file: str, yaml: str, *, who: str, why: str, at: datetime) -> Proposal:
        """Keep one until somebody accepts it or sends it back."""
        self._kept.mkdir(parents=True, exist_ok=True)
        number = max((int(path.stem) for path in self._kept.glob("[0-9]*.*")), default=0)
        while True:
            number += 1
            proposal = Proposal(number, file, yaml, who, why, at)
            try:
                with self._path(number).open("x", encoding="utf-8") as out:
                    out.write(_written(proposal))
            except FileExistsError:  # somebody else took the number
                continue
            return proposal

    def take(self, number: int) -> None:
        """It was accepted, or withdrawn. NotFound: somebody was there first."""
        self._move(number, "json", "done")

    def send_back(self, number: int, *, who: str, why: str, at: datetime) -> Proposal:
        """It goes back to its author with the reason. NotFound: somebody was there first."""
        proposal = replace(self.get(number), back=Return(who, why, at))
        told = self._kept / f".{number:04}.{os.getpid()}-{get_ident()}"
        told.write_text(_written(proposal), encoding="utf-8")
        try:
            self._move(number, "json", "back")
        except NotFound:
            told.unlink()
            raise
        told.replace(self._path(number, "back"))
        return proposal

    def put_aside(self, number: int, *, who: str) -> None:
        """Its author has read why it was sent back. NotFound: nothing of theirs was."""
        if not any(proposal.number == number for proposal in self.sent_back(who)):
            raise NotFound(f"proposal {number} was not sent back to {who}")
        self._move(number, "back", "done")

    def _there(self, state: str) -> Iterator[Proposal]:
        for path in sorted(self._kept.glob(f"[0-9]*.{state}")):
            with suppress(FileNotFoundError):  # somebody has moved it meanwhile
                yield _read(path)

    def _move(self, number: int, state: str, to: str) -> None:
        try:
            self._path(number, state).rename(self._path(number, to))
        except FileNotFoundError:
            raise NotFound(f"there is no proposal {number}") from None

    def _path(self, number: int, state: str = "json") -> Path:
        return self._kept / f"{number:04}.{state}"


def _written(proposal: Proposal) -> str:
    return json.dumps(asdict(proposal), ensure_ascii=False, default=str, indent=1)


def _read(path: Path) -> Proposal:
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    back = told.get("back")
    back = back and Return(**(back | {"at": datetime.fromisoformat(back["at"])}))
    return Proposal(**(told | {"at": datetime.fromisoformat(told["at"]), "back": back}))


def by_another(proposal: Proposal, editor: str) -> None:
    """Rejected, ``own_proposal``: nobody accepts what they wrote themselves."""
    if proposal.who == editor:
        raise Rejected("another editor accepts it", code="own_proposal", field="number")
