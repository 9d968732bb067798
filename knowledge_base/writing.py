"""Writes entries into the text of a theme file, leaving everything else in it as it stands."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from knowledge_base.documents import Candidate
from knowledge_base.located import LINES, Problem, Refused, parse, plain

Raw = Mapping[str, Any]


class _Dumper(yaml.SafeDumper):
    """Indents lists under their key, as the theme files do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def block(raw: Raw) -> str:
    """One entry as it stands in a theme file."""
    text = yaml.dump(
        [dict(raw)], Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000, indent=2
    )
    return "".join(f"  {line}\n" for line in text.splitlines())


def theme(name: str, fresh_days: int, entries: Sequence[Raw]) -> str:
    """A theme file of these entries."""
    head = yaml.dump({"theme": name, "fresh_days": fresh_days}, allow_unicode=True, sort_keys=False)
    return f"{head}entries:\n" + "\n".join(block(raw) for raw in entries)


def entry_of(text: str, file: str, entry_id: str) -> dict[str, Any] | None:
    """The fields that a theme file gives an entry, without the file's defaults."""
    for item in _entries(text, file):
        if item.get("id") == entry_id:
            return dict(plain(item))
    return None


def put(text: str, file: str, raw: Raw) -> str:
    """The theme file with an entry replaced, or added at the end. Refused: no theme file."""
    lines = text.splitlines(keepends=True)
    entries = _entries(text, file)
    starts = [item[LINES][""] - 1 for item in entries]
    for place, item in enumerate(entries):
        if item.get("id") == raw["id"]:
            end = starts[place + 1] if place + 1 < len(starts) else len(lines)
            gap = "" if end == len(lines) else "\n"
            return "".join(lines[: starts[place]]) + block(raw) + gap + "".join(lines[end:])
    return text.rstrip("\n") + "\n\n" + block(raw)


def _entries(text: str, file: str) -> list[dict[str, Any]]:
    raw = parse(text, file)
    entries = raw.get("entries") if isinstance(raw, dict) else None
    if not isinstance(entries, list) or not all(isinstance(item, dict) for item in entries):
        raise Refused([Problem(file, 1, "entries", "a theme file needs theme and entries")])
    return entries


def drafts(found: Sequence[Candidate]) -> str:
    """Candidates as a file for an editor: what was found and where, and what is still missing."""
    rows = [
        {
            "id": f"draft-{number}",
            "question": candidate.question,
            "answer": candidate.answer,
            "found_in": {"file": candidate.file, "place": candidate.place},
        }
        for number, candidate in enumerate(found, 1)
    ]
    return yaml.dump({"candidates": rows}, allow_unicode=True, sort_keys=False, width=10_000)
