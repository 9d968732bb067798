"""Measure the numbers of the README again here, each beside its peer and its goal."""

import argparse
import importlib
import json
import pkgutil
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from tests.bench.measurement import Measurement

COLUMNS = ("measure", "value", "unit", "peer", "peer_value", "goal", "met")


def add(parser: argparse.ArgumentParser) -> None:
    """Arguments: which benchmark (all by default), and the form of the output."""
    parser.add_argument("name", nargs="?", help="understanding, knowledge, tickets, desk, …")
    parser.add_argument("--part", action="append", help="only this part of it; repeatable")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def benchmarks() -> list[str]:
    """Names of the benchmarks there are: modules of tests.bench with a ``measure`` function."""
    package = importlib.import_module("tests.bench")
    names = [info.name for info in pkgutil.iter_modules(package.__path__)]
    return [n for n in names if hasattr(importlib.import_module(f"tests.bench.{n}"), "measure")]


def figures(name: str, parts: Sequence[str] | None) -> Iterator["Measurement"]:
    """The figures of a benchmark, or of the named ones of its ``PARTS``."""
    module = importlib.import_module(f"tests.bench.{name}")
    if not parts:
        yield from module.measure()
        return
    known = getattr(module, "PARTS", {})
    if unknown := [part for part in parts if part not in known]:
        raise SystemExit(f"{name} has no part {unknown[0]}; there are: {', '.join(known)}")
    for part in parts:
        yield from known[part]()


def run(args: argparse.Namespace) -> int:
    """Print the figures; 0 even where a goal is missed: a benchmark tells, a test decides."""
    names = [args.name] if args.name else benchmarks()
    table = Table(*COLUMNS)
    for name in names:
        for measurement in figures(name, args.part):
            row = measurement.row()
            if args.json:
                print(json.dumps(row, ensure_ascii=False), flush=True)
            else:
                table.add_row(*("" if row[c] is None else str(row[c]) for c in COLUMNS))
    if not args.json:
        Console().print(table)
    return 0
