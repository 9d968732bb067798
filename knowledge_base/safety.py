"""The city's table of dangers (``safety.yml``), read for ``bot.rules.scope.screen``."""

import re
from functools import cache
from pathlib import Path
from re import Pattern
from typing import Any

import yaml

from bot.rules.scope import KINDS, Guards, Lexicon, Signs

PATH = Path(__file__).with_name("safety.yml")
_NEVER = re.compile(r"(?!)")


def read_safety(path: Path = PATH) -> Lexicon:
    """The table as the screen takes it. Raises ValueError naming the entry that is no pattern."""
    table: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    signs = {
        kind: Signs(
            strong=_pattern(f"signs.{kind}.strong", table["signs"][kind]["strong"]),
            weak=_pattern(f"signs.{kind}.weak", table["signs"][kind]["weak"]),
        )
        for kind in KINDS
    }
    guards = {name: _pattern(f"guards.{name}", [text]) for name, text in table["guards"].items()}
    return Lexicon(
        signs=signs,
        guards=Guards(**guards),
        harmless=_pattern("harmless", [table["harmless"]]),
        threat=_pattern("threat", [table["threat"]]),
        others=_pattern("others", [table["others"]]),
        jump=_pattern("jump", [table["jump"]]),
        variants=str.maketrans(table["variants"]["from"], table["variants"]["to"]),
    )


@cache
def safety() -> Lexicon:
    """The table of this city, read once in a process."""
    return read_safety()


def _pattern(name: str, alternatives: list[str]) -> Pattern[str]:
    if not alternatives:
        return _NEVER
    try:
        return re.compile("|".join(f"(?:{text})" for text in alternatives))
    except re.error as error:
        raise ValueError(f"safety.yml: {name}: {error}") from error
