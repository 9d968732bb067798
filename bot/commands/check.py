"""Format, lint, types, import rules and data checks: all that needs no running system."""

import argparse
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
CHECKS = {
    "format": [str(BIN / "ruff"), "format", "--check", "-q", "."],
    "lint": [str(BIN / "ruff"), "check", "-q", "."],
    "types": [str(BIN / "mypy"), "--no-error-summary"],
    "imports": [str(BIN / "lint-imports"), "--no-cache"],
    "knowledge": [sys.executable, "-m", "bot.cli", "kb", "check"],
}

console = Console(highlight=False)


def add(parser: argparse.ArgumentParser) -> None:
    """Which checks: all by default."""
    parser.add_argument("names", nargs="*", help=", ".join(CHECKS))


def run(args: argparse.Namespace) -> int:
    """Run them all, also after one has failed; the failed ones' output is shown."""
    failed = [name for name in args.names or CHECKS if not _passes(name)]
    return 1 if failed else 0


def _passes(name: str) -> bool:
    started = time.monotonic()
    done = subprocess.run(CHECKS[name], cwd=ROOT, capture_output=True, text=True, check=False)
    mark = "[red]✗[/red]" if done.returncode else "[green]✓[/green]"
    console.print(f"{mark} {name:<10} {time.monotonic() - started:5.1f} s")
    if done.returncode:
        console.print(done.stdout + done.stderr, markup=False)
    return done.returncode == 0
