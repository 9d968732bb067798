"""The sentences that are known beforehand: nobody's name, number or address is in them.

Only these may leave for the outside voice, and only these are worth synthesising ahead. They
come from the dialogue's own files, the knowledge entries and the voice process's phrases.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.settings import ROOT
from voice.phrases import Phrases
from voice.sentences import cut

DOMAIN = ROOT / "bot" / "dialogue" / "domain"
WORDS = ROOT / "bot" / "dialogue" / "words.yml"
KNOWLEDGE = ROOT / "knowledge_base"


@dataclass(frozen=True)
class Script:
    """``fixed``: whole texts in the order in which they are likely to be needed."""

    fixed: tuple[str, ...]
    sentences: frozenset[str]

    @classmethod
    def load(cls, phrases: Phrases, root: Path = ROOT) -> "Script":
        """From the files under ``root``; those that are not there are left out."""
        texts = [
            *phrases.says.values(),
            *_words(root / WORDS.relative_to(ROOT)),
            *_responses(root / DOMAIN.relative_to(ROOT)),
            *_spoken(root / KNOWLEDGE.relative_to(ROOT)),
        ]
        fixed = tuple(dict.fromkeys(text for text in texts if text and "{" not in text))
        return cls(fixed, frozenset(piece for text in fixed for piece in cut(text)))

    def is_fixed(self, sentence: str) -> bool:
        """Whether ``sentence`` is one of them, word for word."""
        return sentence in self.sentences


def _load(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8")) if path.is_file() else None


def _responses(folder: Path) -> Iterable[str]:
    for path in sorted(folder.rglob("*.yml")):
        for variations in (_load(path).get("responses") or {}).values():
            for variation in variations:
                spoken = (variation.get("custom") or {}).get("spoken")
                yield from (text for text in (spoken, variation.get("text")) if text)


def _words(path: Path) -> Iterable[str]:
    for said in (_load(path) or {}).values():
        if isinstance(said, str):
            yield said
        elif isinstance(said, dict):
            yield from (
                said[name] for name in ("spoken", "text") if isinstance(said.get(name), str)
            )


def _spoken(folder: Path) -> Iterable[str]:
    """Every ``spoken`` of the knowledge base's entries and tables."""
    for path in sorted(folder.rglob("*.yml")):
        yield from _spoken_in(_load(path))


def _spoken_in(data: Any) -> Iterable[str]:
    if isinstance(data, list):
        for item in data:
            yield from _spoken_in(item)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key != "spoken":
                yield from _spoken_in(value)
            elif isinstance(value, str):
                yield value
            elif isinstance(value, list):
                yield "".join(str(sentence) for sentence in value)
