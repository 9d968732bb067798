"""What was published: every change with its time, its editor and its reason, and the way back.

A folder of entries keeps its editions in ``.editions/0001`` and so on: ``edition.json`` and the
texts of the changed files, ``before`` and ``after``. An edition is written whole before the first
file is replaced; should the machine stop in between, the next opening finishes the work. The
processes of the hotline see replaced files within a second by themselves.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.rules.errors import NotFound
from knowledge_base import loading
from knowledge_base.entry import Entry
from knowledge_base.located import Problem, Refused

Gate = Callable[[Sequence[Entry], Sequence[Entry]], list[Problem]]  # entries before, after


@dataclass(frozen=True)
class Edition:
    """One publication. ``entries`` are the ids of those that were added, changed or removed."""

    number: int
    at: datetime
    who: str
    why: str
    files: tuple[str, ...]
    entries: tuple[str, ...]
    accepted_by: str | None = None  # the second editor, where one read it first


class Editions:
    """Publishes into a folder of entries. ``gate`` may refuse what would harm the search."""

    def __init__(self, folder: Path = loading.ENTRIES, gate: Gate | None = None) -> None:
        self._folder = folder
        self._kept = folder / ".editions"
        self._gate = gate

    def history(self) -> list[Edition]:
        """Every edition, the newest first."""
        return [self._told(path) for path in sorted(self._kept.glob("[0-9]*"), reverse=True)]

    def texts(self, number: int) -> dict[str, tuple[str | None, str | None]]:
        """The files of an edition: their text before and after. NotFound: no such edition."""
        edition = self._told(self._path(number))
        return {
            name: (self._text(number, "before", name), self._text(number, "after", name))
            for name in edition.files
        }

    def check(self, files: Mapping[str, str | None]) -> None:
        """Refused, as ``publish`` would refuse; nothing is changed either way."""
        with self._alone():
            self._finish()
            self._checked(files)

    def publish(
        self,
        files: Mapping[str, str | None],
        *,
        who: str,
        why: str,
        at: datetime,
        accepted_by: str | None = None,
    ) -> Edition:
        """Put new texts of theme files in force; None removes a file.

        Refused, and nothing changed: a rule of the entries is broken, a regression question
        would lose its entry, nothing differs, or who and why are not told.
        """
        told = [Problem("edition", 0, name, "is missing") for name in self._missing(who, why)]
        if told:
            raise Refused(told)
        with self._alone():
            self._finish()
            changed, entries = self._checked(files)
            numbers = [edition.number for edition in self.history()]
            edition = Edition(
                max(numbers, default=0) + 1, at, who, why,
                tuple(sorted(changed)), entries, accepted_by,
            )  # fmt: skip
            self._keep(edition, changed)
            self._finish()
            return edition

    def _checked(
        self, files: Mapping[str, str | None]
    ) -> tuple[dict[str, str | None], tuple[str, ...]]:
        """The files that differ, and the entries that do. Raises ``Refused``."""
        changed = {name: text for name, text in files.items() if text != self._now(name)}
        if not changed:
            raise Refused([Problem("edition", 0, "files", "nothing differs")])
        before, after = loading.load(self._folder), self._tried(changed)
        problems = self._gate(before, after) if self._gate else []
        if problems:
            raise Refused(problems)
        return changed, _differing(before, after)

    def rollback(self, number: int, *, who: str, why: str, at: datetime) -> Edition:
        """Publish the texts that stood before an edition, as a new edition."""
        texts = self.texts(number)
        return self.publish(
            {name: before for name, (before, _) in texts.items()}, who=who, why=why, at=at
        )

    @staticmethod
    def _missing(who: str, why: str) -> list[str]:
        return [name for name, text in (("who", who), ("why", why)) if not text.strip()]

    def _path(self, number: int) -> Path:
        path = self._kept / f"{number:04}"
        if not (path / "edition.json").exists():
            raise NotFound(f"there is no edition {number}")
        return path

    def _told(self, path: Path) -> Edition:
        told: dict[str, Any] = json.loads((path / "edition.json").read_text(encoding="utf-8"))
        lists = {name: tuple(told[name]) for name in ("files", "entries")}
        return Edition(**(told | lists | {"at": datetime.fromisoformat(told["at"])}))

    def _text(self, number: int, when: str, name: str) -> str | None:
        path = self._path(number) / when / name
        return path.read_text(encoding="utf-8") if path.exists() else None

    def _now(self, name: str) -> str | None:
        if Path(name).name != name or not name.endswith(".yml"):
            raise Refused([Problem(name, 0, "file", "is no name of a theme file (*.yml)")])
        path = self._folder / name
        return path.read_text(encoding="utf-8") if path.exists() else None

    def _tried(self, changed: Mapping[str, str | None]) -> Sequence[Entry]:
        """The entries as they would be; checked in a folder aside. Raises ``Refused``."""
        aside = self._kept / "tried"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        try:
            for path in self._folder.glob("*.yml"):
                if path.name not in changed:
                    shutil.copy2(path, aside / path.name)
            for name, text in changed.items():
                if text is not None:
                    (aside / name).write_text(text, encoding="utf-8")
            return loading.load(aside, self._folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def _keep(self, edition: Edition, changed: Mapping[str, str | None]) -> None:
        """Write an edition; it counts from the moment its folder has its name."""
        new = self._kept / "new"
        shutil.rmtree(new, ignore_errors=True)
        for when in ("before", "after"):
            (new / when).mkdir(parents=True)
        for name, text in changed.items():
            before = self._now(name)
            if before is not None:
                (new / "before" / name).write_text(before, encoding="utf-8")
            if text is not None:
                (new / "after" / name).write_text(text, encoding="utf-8")
        told = json.dumps(asdict(edition), ensure_ascii=False, default=str, indent=1)
        (new / "edition.json").write_text(told + "\n", encoding="utf-8")
        new.rename(self._kept / f"{edition.number:04}")

    def _finish(self) -> None:
        """Put the files of the newest edition in force, where that has not been done."""
        newest = self.history()[:1]
        for name in newest[0].files if newest else ():
            done = self._path(newest[0].number) / "done"
            if done.exists():
                return
            text = self._text(newest[0].number, "after", name)
            if text is None:
                (self._folder / name).unlink(missing_ok=True)
                continue
            aside = self._kept / "file"
            aside.write_text(text, encoding="utf-8")
            os.replace(aside, self._folder / name)
        if newest:
            (self._path(newest[0].number) / "done").touch()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One publication at a time, over all processes of the machine."""
        self._kept.mkdir(exist_ok=True)
        with (self._kept / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _differing(before: Sequence[Entry], after: Sequence[Entry]) -> tuple[str, ...]:
    old, new = ({entry.id: entry for entry in entries} for entries in (before, after))
    return tuple(sorted(i for i in old.keys() | new.keys() if old.get(i) != new.get(i)))
