"""Search the knowledge base: a JSON line ``{"id", "question"}`` in, its best entries out.

Each line of the output is ``{"id", "matches": [{"entry", "question", "score"}], "answer"}``, in
the order of the input; ``answer`` is null when nothing is good enough. ``IN`` may be ``-`` for
standard input. A line that is not such an object gets ``{"id", "line", "error"}`` instead, and
the others go on; the exit status is 0 when every line could be read, 2 when some could not, and
1 when the file or the knowledge base could not be read at all.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from knowledge_base.knowledge import KnowledgeBase

LONGEST = 2000  # characters of a question that are looked at


def add(parser: argparse.ArgumentParser) -> None:
    """Arguments: the questions, how many matches each, and the day and district to answer for."""
    parser.add_argument("--jsonl", required=True, metavar="IN", help="a file of questions, or -")
    parser.add_argument("-k", type=int, default=5, help="matches a question (5)")
    parser.add_argument("--on", metavar="DATE", help="the day to answer for (today)")
    parser.add_argument("--district", help="the caller's district, where it is known")


def run(args: argparse.Namespace) -> int:
    """Print a line for every line of the input."""
    from datetime import date

    from bot import clock, encoding
    from bot.settings import Settings
    from knowledge_base.knowledge import KnowledgeBase
    from knowledge_base.located import Refused

    try:
        on = date.fromisoformat(args.on) if args.on else clock.now().date()
        settings = Settings()
        base = KnowledgeBase(settings.entries, encoding.vectors(settings))
        lines = list(_lines(args.jsonl))
    except (Refused, OSError, ValueError) as error:
        print(f"search: {error}", file=sys.stderr)
        return 1
    if args.k < 1:
        print("search: -k must be at least 1", file=sys.stderr)
        return 1
    status = 0
    for number, line in lines:
        found = _answered(base, number, line, on, args)
        status = 2 if "error" in found else status
        print(json.dumps(found, ensure_ascii=False), flush=True)
    return status


def _lines(name: str) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, with their numbers."""
    if name == "-":
        data = sys.stdin.buffer.read()
    else:
        with open(name, "rb") as file:
            data = file.read()
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            yield number, line


def _answered(
    base: "KnowledgeBase", number: int, line: bytes, on: "date", args: argparse.Namespace
) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except ValueError as error:
        return {"id": None, "line": number, "error": f"not JSON: {error}"}
    if not isinstance(asked, dict):
        return {"id": None, "line": number, "error": "not an object"}
    question = asked.get("question")
    if not isinstance(question, str):
        return {"id": asked.get("id"), "line": number, "error": "question must be text"}
    question = question[:LONGEST]
    finding = base.find(question, on=on, district=args.district)
    matches = base.search(question, on=on, district=args.district, count=args.k)
    return {
        "id": asked.get("id"),
        "matches": [
            {"entry": m.entry.id, "question": m.entry.question, "score": m.score} for m in matches
        ],
        "answer": finding.entry.answer if finding.entry else None,
    }
