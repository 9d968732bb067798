"""The written examples of ``nlu/data``: text, intent, and what the metadata of its block tells.

``category`` of a matter of ours, ``referral`` of another body's, and, where the intent alone does
not tell it, ``danger``: whether life or safety is in danger now.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

META = ("category", "referral", "danger")
DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True)
class Example:
    """One utterance as it was written for training."""

    text: str
    intent: str
    category: str | None = None
    referral: str | None = None
    danger: bool | None = None

    @property
    def urgent(self) -> bool | None:
        """Whether life or safety is in danger now; None where the example does not tell."""
        if self.danger is None and self.intent != "police":
            return self.intent in ("fire", "medical", "crisis")
        return self.danger


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
                yield Example(text, block["intent"], *(meta.get(key) for key in META))
