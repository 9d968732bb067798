"""Reads entries/*.yml, checked as a whole: all of it or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge_base.entry import Entry, Source
from knowledge_base.located import LINES, Problem, Refused, plain, read
from knowledge_base.themes import Theme

HERE = Path(__file__).resolve().parent
ENTRIES = HERE / "entries"
SEARCH_TABLES = tuple(
    HERE / name for name in ("synonyms.yml", "confidence.yml", "calibration/unanswerable.yml")
)
Fingerprint = tuple[int, int]  # of a file: when it was written (ns), and its size


def fingerprint(path: Path) -> Fingerprint:
    """What tells one content of a file from another; (0, 0) for none."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return (stat.st_mtime_ns, stat.st_size)


def search_tables(confidence: Path | None = None) -> dict[str, Any]:
    """All that the search needs beside the entries: ``SEARCH_TABLES``, read; another
    ``confidence`` in the product's place where there is such a file."""
    path = confidence if confidence and confidence.is_file() else HERE / "confidence.yml"
    unanswerable = table("calibration/unanswerable")
    return dict(table("synonyms")) | {
        "unanswerable": [text for texts in unanswerable.values() for text in texts],
        "confidence": plain(read(path)),
    }


def beside(folder: Path, name: str) -> Path:
    """A table of the city whose entries lie in ``folder``: beside the folder, or the product's."""
    own = folder.resolve().parent / name
    return own if own.is_file() else HERE / name


def city(folder: Path = ENTRIES) -> str:
    """The name of the city, which is the area of entries that hold everywhere."""
    return str(_districts(folder)["city"]["name"])


def other_cities(folder: Path = ENTRIES) -> tuple[str, ...]:
    """The names of other cities, whose matters the base does not know."""
    rows = _districts(folder).get("other_cities", ())
    return tuple(name for row in rows for name in (row["name"], *row.get("aliases", ())))


def areas(folder: Path = ENTRIES) -> set[str]:
    """The city and its districts by their full names."""
    table = _districts(folder)
    return {table["city"]["name"], *(district["name"] for district in table["districts"])}


def _districts(folder: Path) -> Any:
    path = beside(folder, "districts.yml")
    return _as_of(path, fingerprint(path))


@lru_cache(maxsize=4)
def _as_of(path: Path, seen: Fingerprint) -> Any:
    """A table as it stood when its file was ``seen``. Nobody changes it."""
    return plain(read(path))


def read_sources(folder: Path = ENTRIES) -> dict[str, Source]:
    """The documents that entries may cite, by key. Raises ``Refused``."""
    path = beside(folder, "sources.yml")
    problems, found = [], {}
    for key, row in read(path).items():
        if key == LINES:
            continue
        published = row.get("published")
        try:
            day = date.fromisoformat(published) if published else None
            found[key] = Source(row["document"], "", day, row.get("url"))
        except (KeyError, TypeError, ValueError) as error:
            problems.append(Problem(path.name, row[LINES][""], key, f"is wrong: {error}"))
    if problems:
        raise Refused(problems)
    return found


def doubles(entries: Iterable[Entry]) -> list[Problem]:
    """Entries that share an id, a question, or a way of asking with one before them."""
    problems = []
    ids: dict[str, Entry] = {}
    asked: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        first = ids.setdefault(entry.id, entry)
        if first is not entry:
            where = f"{first.file}:{first.line}"
            problems.append(Problem(entry.file, entry.line, "id", f"stands already in {where}"))
        for name, text in [
            ("question", entry.question),
            *(("variants", v) for v in entry.variants),
        ]:
            first = asked.setdefault((text, entry.area), entry)
            if first is not entry:
                message = f"{text} stands already in {first.file}:{first.line} ({first.id})"
                problems.append(Problem(entry.file, entry.line, name, message))
    return problems


@dataclass(frozen=True)
class _File:
    """A theme file as it was read."""

    seen: Fingerprint
    entries: list[Entry]
    problems: list[Problem]
    single: frozenset[tuple[str, str]]  # what may stand only once in the folder
    doubled: bool  # and stands twice in this file

    @classmethod
    def of(cls, seen: Fingerprint, entries: list[Entry], problems: list[Problem]) -> "_File":
        """``doubles`` without telling them, which takes a tenth of the time when files change."""
        own = [
            {(e.id, ""), *((text, e.area) for text in (e.question, *e.variants))} for e in entries
        ]
        single = frozenset[tuple[str, str]]().union(*own)
        return cls(seen, entries, problems, single, sum(map(len, own)) > len(single))


class Reader:
    """Reads a folder of entries again and again, parsing only the files that changed.

    ``home``: the folder beside which the city's tables lie; the same one if none is told.
    """

    def __init__(self, folder: Path = ENTRIES, home: Path | None = None) -> None:
        self._folder = folder
        self._home = home or folder
        self._themes: dict[Path, Theme] = {}
        self._read: dict[Path, _File] = {}
        self._tables: tuple[Fingerprint, ...] = ()
        self._areas: set[str] = set()
        self._documents: dict[str, Source] = {}

    def paths(self) -> list[Path]:
        """Every file that the entries depend on."""
        return [*sorted(self._folder.glob("*.yml")), *self._beside]

    @property
    def _beside(self) -> list[Path]:
        return [beside(self._home, "sources.yml"), beside(self._home, "districts.yml")]

    def load(self) -> tuple[Entry, ...]:
        """All entries, by file and line. Raises ``Refused`` with every problem."""
        tables = tuple(fingerprint(path) for path in self._beside)
        if tables != self._tables:
            self._areas, self._documents = areas(self._home), read_sources(self._home)
            self._themes.clear()
            self._read.clear()
            self._tables = tables
        files = [self._file(path) for path in sorted(self._folder.glob("*.yml"))]
        entries = [entry for file in files for entry in file.entries]
        problems = [problem for file in files for problem in file.problems]
        single = frozenset[tuple[str, str]]().union(*(file.single for file in files))
        if any(f.doubled for f in files) or len(single) < sum(len(f.single) for f in files):
            problems += doubles(entries)
        if not entries and not problems:
            problems.append(Problem(str(self._folder), 0, "entries", "there are none"))
        if problems:
            raise Refused(problems)
        return tuple(entries)

    def _file(self, path: Path) -> _File:
        seen = fingerprint(path)
        if path not in self._read or self._read[path].seen != seen:
            theme = self._themes.setdefault(path, Theme(path, self._areas, self._documents))
            self._read[path] = _File.of(seen, *theme.read())
        return self._read[path]


def load(folder: Path = ENTRIES, home: Path | None = None) -> tuple[Entry, ...]:
    """All entries of a folder, read once. Raises ``Refused`` with every problem."""
    return Reader(folder, home).load()


def table(name: str) -> Any:
    """One of the city's tables beside this module: ``referrals``, ``districts`` …"""
    return plain(read(HERE / f"{name}.yml"))
