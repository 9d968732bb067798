"""What the linear models see of a text: character n-grams, words, and the concepts it names."""

from __future__ import annotations

import re
from functools import cache

import jieba
import yaml

from nlu.understanding.text import LEXICON

_BREAK = re.compile(r"[\s,,。.!?！？;；、:：…~\"'“”()（）]+")
LONGEST = 200  # characters of plain text that count


def features(plain: str) -> list[str]:
    """The features of a plain text, each once: ``c`` characters, ``w`` words, ``@`` concepts."""
    joined = _BREAK.sub("|", plain[:LONGEST]).strip("|")
    marked = f"^{joined}$"
    found: set[str] = set()
    for size in (1, 2, 3, 4):
        found.update(marked[i : i + size] for i in range(len(marked) - size + 1))
    found.discard("^")
    found.discard("$")
    found.update(f"w:{word}" for word in words(joined) if len(word) > 1)
    found.update(f"@{name}" for name, pattern in concepts() if pattern.search(joined))
    return sorted(found)


def words(text: str) -> list[str]:
    """``text`` cut into words."""
    return list(_tokenizer().cut(text, HMM=False))


@cache
def concepts() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Concepts by name, with the pattern of the words that name them."""
    table = yaml.load((LEXICON / "concepts.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    return tuple((name, re.compile(pattern)) for name, pattern in table.items())


@cache
def _tokenizer() -> jieba.Tokenizer:
    jieba.setLogLevel(60)
    return jieba.Tokenizer()
