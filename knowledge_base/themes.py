"""One theme file, read again and again: an entry whose text has not changed is not parsed again.

A theme file holds ``theme``, ``fresh_days`` (how old its facts may grow before their date is
said), ``defaults`` (fields that its entries share) and ``entries``.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from knowledge_base.checking import Checker
from knowledge_base.entry import Entry, Source
from knowledge_base.located import LINES, Problem, Refused, parse, plain, read

FIELDS = {"theme", "fresh_days", "defaults", "entries"}
BEGIN = "  - "  # how the text of an entry begins
Block = tuple[int, str]  # the line on which an entry begins, and its text
Found = tuple[list[Entry], list[Problem]]


class Theme:
    """The file at ``path``; ``areas`` and ``sources`` are what its entries may name."""

    def __init__(self, path: Path, areas: set[str], sources: Mapping[str, Source]) -> None:
        self._path = path
        self._areas = areas
        self._sources = sources
        self._kept: dict[tuple[str, str], Entry] = {}

    def read(self) -> Found:
        """The entries of the file as it stands, and what is wrong with it."""
        try:
            found = self._by_entry() or self._whole()
        except Refused as refused:
            return [], list(refused.problems)
        return found

    def _by_entry(self) -> Found | None:
        """Entry by entry; None for a file that cannot be parted so, or holds bad YAML."""
        try:
            parted = blocks(self._path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            return None
        if parted is None:
            return None
        head, rows = parted
        try:
            raw = parse(head, self._path.name)
            items = [
                (row, None if (head, row[1]) in self._kept else self._item(row)) for row in rows
            ]
        except Refused:
            return None
        problems = self._heading(raw)
        now: dict[tuple[str, str], Entry] = {}
        for (line, text), item in items:
            known = self._kept.get((head, text))
            if known is not None:
                now[head, text] = known if known.line == line else replace(known, line=line)
                continue
            entry, wrong = self._entry(raw, item)
            problems += wrong
            if entry:
                now[head, text] = entry
        self._kept = now
        return list(now.values()), problems

    def _item(self, row: Block) -> Any:
        """What the text of an entry holds, with the lines it has in the file."""
        line, text = row
        (item,) = parse("\n" * (line - 2) + "entries:\n" + text, self._path.name)["entries"]
        return item

    def _whole(self) -> Found:
        raw = read(self._path)
        name = self._path.name
        if not isinstance(raw, dict) or not isinstance(raw.get("entries"), list):
            raise Refused([Problem(name, 1, "entries", "a theme file needs theme and entries")])
        problems = self._heading(raw)
        found: list[Entry] = []
        for item in raw["entries"]:
            entry, wrong = self._entry(raw, item)
            problems += wrong
            found += [entry] if entry else []
        return found, problems

    def _heading(self, raw: Mapping[str, Any]) -> list[Problem]:
        """What is wrong above the entries."""
        wrong = [
            Problem(self._path.name, raw[LINES][name], str(name), "is no field of a theme file")
            for name in raw
            if name not in FIELDS | {LINES}
        ]
        days = raw.get("fresh_days", 365)
        if not isinstance(days, int) or days < 1:
            where = raw[LINES]["fresh_days"]
            wrong.append(Problem(self._path.name, where, "fresh_days", f"{days!r} is no count"))
        return wrong

    def _entry(self, raw: Mapping[str, Any], item: Any) -> tuple[Entry | None, list[Problem]]:
        if not isinstance(item, dict):
            where = raw[LINES]["entries"]
            return None, [Problem(self._path.name, where, "entries", f"holds {item!r}")]
        defaults = plain(raw.get("defaults") or {})
        days = raw.get("fresh_days", 365)
        checker = Checker(self._path.name, {**defaults, **item}, self._areas, self._sources)
        theme = str(raw.get("theme") or self._path.stem)
        entry = checker.entry(theme, days if isinstance(days, int) else 365)
        return entry, checker.problems


def blocks(text: str) -> tuple[str, list[Block]] | None:
    """What stands above the entries, and the text of each; None where it is not laid out so."""
    lines = text.splitlines(keepends=True)
    plainly = [line.rstrip() for line in lines]
    if plainly.count("entries:") != 1:
        return None
    first = plainly.index("entries:") + 1
    rows: list[Block] = []
    for number, line in enumerate(lines[first:], first + 1):
        if line.startswith(BEGIN):
            rows.append((number, line))
        elif line.strip() and not line.startswith("    ") and not line.lstrip().startswith("#"):
            return None
        elif rows:
            rows[-1] = (rows[-1][0], rows[-1][1] + line)
    texts = [row_text for _, row_text in rows]
    return ("".join(lines[:first]), rows) if rows and len(set(texts)) == len(texts) else None
