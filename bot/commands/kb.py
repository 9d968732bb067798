"""Keep the knowledge base: check its entries and tables."""

import argparse
import sys


def add(parser: argparse.ArgumentParser) -> None:
    """Arguments: what to do."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="refuse wrong entries, with file, line and field")
    check.add_argument("folder", nargs="?", help="a folder of entries; the product's by default")


def run(args: argparse.Namespace) -> int:
    """0 when all is well, 1 when something was refused."""
    from pathlib import Path

    from knowledge_base import loading
    from knowledge_base.located import Refused

    try:
        entries = loading.load(Path(args.folder) if args.folder else loading.ENTRIES)
    except Refused as refused:
        for problem in refused.problems:
            print(problem, file=sys.stderr)
        print(f"{len(refused.problems)} problems", file=sys.stderr)
        return 1
    print(f"{len(entries)} entries in {len({entry.file for entry in entries})} files: good")
    return 0
