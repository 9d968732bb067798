"""What the commands say at the terminal, from ``terminal.yml``."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console

PATH = Path(__file__).with_suffix(".yml")

console = Console(highlight=False)


@cache
def words() -> dict[str, Any]:
    """Every sentence by its name."""
    table: dict[str, Any] = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    return table


def sentence(name: str, /, **values: object) -> str:
    """A sentence filled with values."""
    return str(words()[name]).format(**values)


def tell(name: str, /, **values: object) -> None:
    """Say it."""
    console.print(sentence(name, **values))
