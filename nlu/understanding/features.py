"""What the linear models see of a text: character n-grams, words, and the concepts it names."""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations

import jieba
import yaml

from nlu.understanding.text import LEXICON, Text

_BREAK = re.compile(r"[\s,,。.!?！？;；、:：…~\"'“”()（）]+")
LONGEST = 200  # characters of plain text that count


def features(text: Text) -> list[str]:
    """The features of a text, each once: characters, ``w:`` words, ``@`` concepts, ``%`` fields,
    ``#`` topics.

    Topics, and the fields of meaning in which danger lies, are features alone and in pairs, so that
    a person on a ledge is told from a person and from a ledge in words that no example holds.
    """
    joined = _BREAK.sub("|", text.plain[:LONGEST]).strip("|")
    marked = f"^{joined}$"
    found: set[str] = set()
    for size in (1, 2, 3, 4):
        found.update(marked[i : i + size] for i in range(len(marked) - size + 1))
    found.discard("^")
    found.discard("$")
    told = sorted({topic for word in found & topics().keys() for topic in topics()[word]})
    found.update(f"#{topic}" for topic in told)
    found.update(f"#{one}&{other}" for one, other in combinations(told, 2))
    found.update(f"w:{word}" for word in words(joined) if len(word) > 1)
    found.update(f"@{name}" for name, pattern in concepts() if pattern.search(joined))
    touched = [name for name, field in fields() if field.search(text.mandarin[:LONGEST])]
    found.update(f"%{name}" for name in touched)
    found.update(f"%{one}&{other}" for one, other in combinations(touched, 2))
    return sorted(found)


def words(text: str) -> list[str]:
    """``text`` cut into words."""
    return list(_tokenizer().cut(text, HMM=False))


@cache
def concepts() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Concepts by name, with the pattern of the words that name them."""
    return _patterns("concepts.yml")


@cache
def fields() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Fields of meaning in which danger lies, by name, with the pattern of their words."""
    return _patterns("fields.yml")


@cache
def topics() -> dict[str, tuple[str, ...]]:
    """The topics that a word of one to four characters tells of."""
    table = yaml.load((LEXICON / "topics.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    told: dict[str, tuple[str, ...]] = {}
    for topic, listed in table.items():
        for word in listed:
            told[word] = (*told.get(word, ()), topic)
    return told


def _patterns(file: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = yaml.load((LEXICON / file).read_text(encoding="utf-8"), yaml.CSafeLoader)
    return tuple((name, re.compile(pattern)) for name, pattern in table.items())


@cache
def _tokenizer() -> jieba.Tokenizer:
    jieba.setLogLevel(60)
    return jieba.Tokenizer()
