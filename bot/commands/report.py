"""Write the monthly report of handling units, topics and places as Excel or PDF."""

import argparse
import asyncio
import sys
from pathlib import Path


def add(parser: argparse.ArgumentParser) -> None:
    """Arguments: the month, and where to."""
    parser.add_argument("month", help="as 2026-11")
    parser.add_argument("--out", type=Path, required=True, help="a file ending in .xlsx or .pdf")


def run(args: argparse.Namespace) -> int:
    """0 when the file is written."""
    from bot.reporting import excel, pdf
    from bot.reporting.monthly import month_of, monthly
    from bot.rules.errors import Rejected
    from bot.settings import Settings
    from bot.store import Store

    forms = {".xlsx": excel.write, ".pdf": pdf.write}
    if args.out.suffix not in forms:
        print("--out: a file ending in .xlsx or .pdf", file=sys.stderr)
        return 2
    try:
        start = month_of(args.month)
    except Rejected as refused:
        print(f"month: {refused}", file=sys.stderr)
        return 2

    async def write() -> None:
        store = await Store.open(Settings().database)
        try:
            report = await monthly(store, start)
        finally:
            await store.close()
        forms[args.out.suffix](report, args.out)

    asyncio.run(write())
    print(args.out)
    return 0
