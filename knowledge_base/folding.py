"""Brings the many ways of saying a thing to one: script, Cantonese, mishearings, synonyms, fillers.

The tables are data (``synonyms.yml``); the same folding is put on entries and on questions.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import opencc

NOT_WORD = re.compile(r"[^0-9a-z\u3400-\u9fff\U00020000-\U0002ffff]+")


class Folding:
    """Folds a text with the tables ``cantonese``, ``misheard``, ``synonyms`` and ``fillers``."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self._simplify = opencc.OpenCC("t2s").convert
        spoken = {**tables["misheard"], **tables["cantonese"]}
        self._mandarin = _Replacer({self._simplify(word): same for word, same in spoken.items()})
        self._same = _Replacer(
            {word: same for same, words in tables["synonyms"].items() for word in words}
        )
        fillers = sorted(tables["fillers"], key=len, reverse=True)
        self._fillers = re.compile("|".join(map(re.escape, fillers)))
        self.fold = lru_cache(maxsize=4096)(self._fold)

    def spoken(self, text: str) -> str:
        """Lower case, simplified, Cantonese and mishearings as the Mandarin words for them."""
        text = unicodedata.normalize("NFKC", text[:2000]).lower()
        return self._mandarin(self._simplify(text))

    def _fold(self, text: str) -> str:
        """As ``spoken``, and fillers dropped, synonyms one; parts joined by one space."""
        text = self.spoken(text)
        bare = self._fillers.sub(" ", text)
        text = self._same(bare if NOT_WORD.sub("", bare) else text)
        return NOT_WORD.sub(" ", text).strip()


class _Replacer:
    """Replaces the words of a table in one pass, the longest first."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._table = dict(table)
        words = sorted(self._table, key=len, reverse=True)
        self._words = re.compile("|".join(map(re.escape, words)) or r"(?!)")

    def __call__(self, text: str) -> str:
        return self._words.sub(lambda match: self._table[match[0]], text)
