"""Decide what sentences mean: scope, kind, reason, danger, category, place, number."""

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
    """Print a line for each line of the file, in order; 2 if a line is not what it must be."""
    from bot.rasa import train
    from knowledge_base.referrals import referrals
    from nlu.understanding.archive import load_understander

    understander = load_understander(train())
    try:
        for sentence in read_lines(args.jsonl):
            found = understander.understand(sentence["text"]).as_dict()
            door = referrals().get(found["referral"] or "")
            found["referral"] = "/".join(door.numbers) if door and door.numbers else None
            row = {"id": sentence["id"]} | {name: found[name] for name in FIELDS}
            print(json.dumps(row, ensure_ascii=False), flush=True)
    except (OSError, ValueError) as error:
        print(f"{args.jsonl}: {error}", file=sys.stderr)
        return 2
    return 0


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The sentences of a file. ValueError names the line and the field that is wrong."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                sentence = json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"line {number}: not JSON: {error}") from error
            if not isinstance(sentence, dict) or not isinstance(sentence.get("text"), str):
                raise ValueError(f"line {number}: field 'text' is missing or no string")
            yield {"id": sentence.get("id"), "text": sentence["text"]}
