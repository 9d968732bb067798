"""The written examples of ``nlu/data``: text, intent, and the category or referral of its block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True)
class Example:
    """One utterance as it was written for training."""

    text: str
    intent: str
    category: str | None = None
    referral: str | None = None


def read_examples(folder: Path = DATA) -> list[Example]:
    """Every example under ``folder``, in the order of files and lines."""
    return [e for path in sorted(folder.glob("*.yml")) for e in _read_file(path)]


def _read_file(path: Path) -> Iterator[Example]:
    table = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    for block in table["nlu"]:
        meta = block.get("metadata") or {}
        for line in block["examples"].splitlines():
            text = line.removeprefix("- ").strip()
            if text:
                yield Example(text, block["intent"], meta.get("category"), meta.get("referral"))
