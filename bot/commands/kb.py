"""Keep the knowledge base: check its entries, list those whose facts have grown old."""

import argparse
import sys


def add(parser: argparse.ArgumentParser) -> None:
    """Arguments: what to do."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="refuse wrong entries, with file, line and field")
    check.add_argument("folder", nargs="?", help="a folder of entries; the product's by default")
    stale = actions.add_parser("stale", help="entries that are expired or older than they may be")
    stale.add_argument("folder", nargs="?", help="a folder of entries; the product's by default")
    stale.add_argument("--on", metavar="DATE", help="the day to judge by (today)")


def run(args: argparse.Namespace) -> int:
    """0 when all is well, 1 when something was refused."""
    from datetime import date
    from pathlib import Path

    from bot import clock
    from knowledge_base import loading
    from knowledge_base.located import Refused

    try:
        entries = loading.load(Path(args.folder) if args.folder else loading.ENTRIES)
    except Refused as refused:
        for problem in refused.problems:
            print(problem, file=sys.stderr)
        print(f"{len(refused.problems)} problems", file=sys.stderr)
        return 1
    if args.action == "stale":
        on = date.fromisoformat(args.on) if args.on else clock.now().date()
        old = [entry for entry in entries if entry.stale_on(on) or not entry.served_on(on)]
        for entry in sorted(old, key=lambda entry: entry.as_of):
            state = "stale" if entry.served_on(on) else "not served"
            print(
                f"{entry.as_of}  {state}  {entry.id}  {entry.question}  {entry.file}:{entry.line}"
            )
        return 0
    print(f"{len(entries)} entries in {len({entry.file for entry in entries})} files: good")
    return 0
