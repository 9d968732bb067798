"""Cuts a folded text into the three kinds of token that the index holds.

Words (jieba with the hotline's dictionary), character n-grams, and sounds: toneless pinyin with
the pairs merged that telephone speech recognition and southern Mandarin confuse (zh/z, ch/c,
sh/s, -ng/-n, n/l, h/f, r/l), so that a misheard word still finds its entry.
"""

import logging
import re
import sys
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import pypinyin

from knowledge_base.folding import Folding

with warnings.catch_warnings():  # its regular expressions are written in an old way
    warnings.simplefilter("ignore")
    import jieba

jieba.setLogLevel(logging.WARNING)
HAN = re.compile(r"[\u3400-\u9fff]")
CHANNELS = ("words", "grams", "sounds")


@dataclass(frozen=True)
class Tokens:
    """The tokens of one text, by channel."""

    words: tuple[str, ...]
    grams: tuple[str, ...]
    sounds: tuple[str, ...]

    def of(self, channel: str) -> tuple[str, ...]:
        """Those of one channel."""
        tokens: tuple[str, ...] = getattr(self, channel)
        return tokens


@dataclass(frozen=True)
class Marks:
    """A text as it is compared with another: folded without spaces, its n-grams, its sounds."""

    folded: str
    grams: frozenset[str]
    sounds: frozenset[str]


class Analyser:
    """Text in, tokens out. Safe to share between threads once it is made."""

    def __init__(self, folding: Folding, tables: Mapping[str, Any]) -> None:
        self._folding = folding
        self._stop = frozenset(tables["stop"])
        words = {word for same, group in tables["synonyms"].items() for word in (same, *group)}
        self._cutter = jieba.Tokenizer()
        self._cutter.initialize()
        for word in words | set(tables["words"]):
            self._cutter.add_word(word, freq=50_000)
        self.marks = lru_cache(maxsize=50_000)(self._marks)

    def __call__(self, text: str) -> Tokens:
        """The tokens of a text; empty channels for one without a word in it."""
        folded = self._folding.fold(text)
        parts = folded.split()
        return Tokens(
            tuple(map(sys.intern, self._words(folded))),
            tuple(sys.intern(gram) for part in parts for gram in _grams(part)),
            tuple(sys.intern(sound) for part in parts for sound in _sounds(part)),
        )

    def folded(self, text: str) -> str:
        """The text as it is compared: folded, without spaces."""
        return self._folding.fold(text).replace(" ", "")

    def _marks(self, text: str) -> Marks:
        """What a text is compared by; kept for the texts compared last."""
        parts = self._folding.fold(text).split()
        return Marks(
            "".join(parts),
            frozenset(sys.intern(gram) for part in parts for gram in _grams(part)),
            frozenset(sys.intern(sound) for part in parts for sound in _sounds(part)),
        )

    def _words(self, folded: str) -> Iterable[str]:
        for word in self._cutter.cut(folded, HMM=False):
            if word.strip() and word not in self._stop:
                yield word


def _grams(part: str) -> list[str]:
    """Single Han characters, and every run of two and of three characters."""
    single = [char for char in part if HAN.match(char)]
    return single + [part[i : i + n] for n in (2, 3) for i in range(len(part) - n + 1)]


def _sounds(part: str) -> list[str]:
    """The folded syllables and the pairs of neighbours."""
    syllables = [_syllable(char) for char in part]
    pairs = [f"{a}-{b}" for a, b in pairwise(syllables)]
    return syllables + pairs


@lru_cache(maxsize=30_000)
def _syllable(char: str) -> str:
    sound: str = pypinyin.lazy_pinyin(char)[0]
    for heard, same in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"), ("h", "f")):
        if sound.startswith(heard):
            sound = same + sound[len(heard) :]
            break
    return sound[:-1] if sound.endswith("ng") else sound
