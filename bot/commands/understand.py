"""Decide what sentences mean: scope, kind, reason, danger, category, place, number.

A JSON line ``{"id", "text"}`` in, one with the decision out, in order. A line that is not such an
object is told on standard error as ``{"id", "line", "error"}``, and the others go on; the exit
status is 0 when every line could be read, 2 when some could not, and 1 when the file could not be
read at all.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FIELDS = (
    "scope",
    "kind",
    "reason",
    "crisis",
    "category",
    "referral",
    "district",
    "street",
    "address",
    "phone",
    "confidence",
)


def add(parser: argparse.ArgumentParser) -> None:
    """Arguments: the file of sentences."""
    parser.add_argument(
        "--jsonl", required=True, type=Path, help='a line each: {"id": ..., "text": ...}'
    )


def run(args: argparse.Namespace) -> int:
    """Print a line for each line of the file that can be read, in order."""
    from bot import encoding, rasa
    from bot.settings import Settings
    from knowledge_base.referrals import referrals
    from nlu.understanding.archive import load_understander
    from nlu.understanding.opinion import second_opinion

    try:
        lines = list(read_lines(args.jsonl))
        settings = Settings()
        encoding.prepare_opinion(settings)
        opinion = second_opinion(rasa.opinion(settings))
    except (OSError, ValueError) as error:
        print(f"understand: {error}", file=sys.stderr)
        return 1
    understander = load_understander(rasa.train(), opinion)
    status = 0
    for sentence in lines:
        if "error" in sentence:
            print(json.dumps(sentence, ensure_ascii=False), file=sys.stderr, flush=True)
            status = 2
            continue
        found = understander.understand(sentence["text"]).as_dict()
        door = referrals().get(found["referral"] or "")
        found["referral"] = "/".join(door.numbers) if door and door.numbers else None
        row = {"id": sentence["id"]} | {name: found[name] for name in FIELDS}
        print(json.dumps(row, ensure_ascii=False), flush=True)
    return status


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The sentences of a file; for a line that is none, its number and what is wrong with it."""
    for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
        if line.strip():
            yield _sentence(number, line)


def _sentence(number: int, line: bytes) -> dict[str, Any]:
    try:
        sentence = json.loads(line)
    except ValueError as error:
        return {"id": None, "line": number, "error": f"not JSON: {error}"}
    if not isinstance(sentence, dict):
        return {"id": None, "line": number, "error": "not an object"}
    if not isinstance(sentence.get("text"), str):
        return {"id": sentence.get("id"), "line": number, "error": "text must be text"}
    return {"id": sentence.get("id"), "text": sentence["text"]}
