"""Entries from a spreadsheet or a CSV file: all rows or none, each problem with row and field."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl

from knowledge_base import loading
from knowledge_base.checking import NEEDED, Checker
from knowledge_base.entry import Entry
from knowledge_base.located import LINES, Problem, Refused

FRESH_DAYS = 365
# what openpyxl raises at a file that is none or damaged; broken XML is a SyntaxError
TORN = (zipfile.BadZipFile, LookupError, SyntaxError, ValueError)
Row = tuple[int, list[str]]  # its number in the table, and its cells
Raw = dict[str, Any]


def read_table(path: Path, theme: str, folder: Path = loading.ENTRIES) -> list[Raw]:
    """The entries of a table, as a theme file of ``folder`` holds them. Raises ``Refused``."""
    rows = list(_rows(path))
    if not rows:
        raise Refused([Problem(path.name, 1, "header", "the table is empty")])
    tables = loading.table("columns")
    header = _header(path, rows[0], tables["columns"])
    found, problems = [], []
    entries: list[Entry] = []
    areas, sources = loading.areas(folder), loading.read_sources(folder)
    for number, cells in rows[1:]:
        if len(cells) > len(header):
            extra = f"has {len(cells)} cells under {len(header)} headers: columns are shifted"
            problems.append(Problem(path.name, number, "row", extra))
            continue
        raw = _entry(dict(zip(header, cells, strict=False)), tables)
        checker = Checker(path.name, raw | {LINES: {"": number}}, areas, sources)
        entry = checker.entry(theme, FRESH_DAYS)
        if entry is not None:
            found.append(raw)
            entries.append(entry)
        problems += checker.problems
    problems += loading.doubles(entries)
    if problems or not found:
        raise Refused(problems or [Problem(path.name, 2, "row", "there are no rows")])
    return found


def _rows(path: Path) -> Iterator[Row]:
    """The rows that hold something; cells as text, empty ones at the end cut off."""
    cells = _sheet(path) if path.suffix.lower() == ".xlsx" else _comma_separated(path)
    for number, row in enumerate(cells, 1):
        texts = [_text(cell) for cell in row]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            yield number, texts


def _sheet(path: Path) -> list[Sequence[Any]]:
    try:
        with path.open("rb") as file:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            return list(book.worksheets[0].iter_rows(values_only=True))
    except TORN as error:
        raise Refused([Problem(path.name, 1, "file", "is no Excel workbook (.xlsx)")]) from error


def _comma_separated(path: Path) -> list[Sequence[Any]]:
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return list(csv.reader(io.StringIO(data.decode(encoding), newline=""), strict=True))
        except UnicodeDecodeError:
            continue
        except csv.Error as error:
            raise Refused([Problem(path.name, 1, "file", f"is no CSV: {error}")]) from error
    raise Refused([Problem(path.name, 1, "file", "is neither UTF-8 nor GB 18030 text")])


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _header(path: Path, first: Row, columns: dict[str, list[str]]) -> list[str]:
    """The fields that the headers name. Refused: an unknown, a doubled or a missing one."""
    number, cells = first
    fields = {name.lower(): field for field, names in columns.items() for name in names}
    known = [fields.get(cell.lower(), "") for cell in cells]
    problems = [
        Problem(path.name, number, cell or "header", f"column {place} is no known header")
        for place, (cell, field) in enumerate(zip(cells, known, strict=True), 1)
        if not field
    ]
    needed = [*(name for name in NEEDED if name != "source"), "document", "place"]
    problems += [
        Problem(path.name, number, field, f"stands over {known.count(field)} columns, not one")
        for field in columns
        if known.count(field) > 1 or (field in needed and field not in known)
    ]
    if problems:
        raise Refused(problems)
    return known


def _entry(cells: dict[str, str], tables: dict[str, Any]) -> Raw:
    """A row as an entry of a theme file; empty cells left out."""
    raw: Raw = {name: text for name, text in cells.items() if text}
    for name in tables["lists"]:
        if name in raw:
            raw[name] = [t.strip() for t in re.split(tables["between"], raw[name]) if t.strip()]
    document, place = raw.pop("document", ""), raw.pop("place", "")
    if document or place:
        raw["source"] = [{"document": document, "place": place}]
    return raw
