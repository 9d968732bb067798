"""``./hotline NAME``: finds the commands in ``bot/commands/`` and runs one.

A command is a module with ``add(parser)``, which declares its arguments, and ``run(args)``,
which returns the exit status. Its docstring is its help.
"""

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Sequence

from pydantic_core import ValidationError

from bot import commands
from bot.rules.errors import HotlineError


def build_parser() -> argparse.ArgumentParser:
    """The parser with every command in it."""
    parser = argparse.ArgumentParser(prog="./hotline", description="12345 front end")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for info in sorted(pkgutil.iter_modules(commands.__path__), key=lambda module: module.name):
        module = importlib.import_module(f"{commands.__name__}.{info.name}")
        summary = (module.__doc__ or "").strip().splitlines()[0]
        child = subparsers.add_parser(info.name, help=summary, description=module.__doc__)
        module.add(child)
        child.set_defaults(run=module.run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its return value is the process's exit status."""
    args = build_parser().parse_args(argv)
    try:
        status: int = args.run(args)
    except HotlineError as error:
        print(error, file=sys.stderr)
        return 1
    except ValidationError as error:
        if error.title != "Settings":
            raise
        for wrong in error.errors():
            name = "HOTLINE_" + "_".join(map(str, wrong["loc"])).upper()
            print(f"{name}: {wrong['msg'].removeprefix('Value error, ')}", file=sys.stderr)
        return 1
    return status


if __name__ == "__main__":
    sys.exit(main())
