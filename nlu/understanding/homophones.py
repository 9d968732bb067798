"""Words that recognised speech wrote with other characters of the same sound.

A stretch of text that sounds like a word of the lexicon, in Mandarin or in Cantonese, shares a
character with it, and is no word itself, is read as that word. The table of sounds is made when
the model is trained (``nlu.understanding.sounds``); nothing else is needed to read with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise, product
from pathlib import Path

import yaml

from knowledge_base.districts import districts
from nlu.understanding.features import words
from nlu.understanding.text import LEXICON

FILE = "sounds.json"

Sounds = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]  # Mandarin and Cantonese, by character
PLACES = ("district", "street", "metro", "area", "village")
SIZES = (5, 4, 3, 2)
PAIRS = 50_000  # of characters, whose words are kept at hand
MOST_READINGS = 8  # of a stretch; a rarer one is not tried
LONGEST = 200  # characters of a text that are tried


def load_homophones(folder: Path) -> tuple[Homophones, Homophones]:
    """Those of the lexicon's words and those of the city's places, by the sounds in ``folder``."""
    table = json.loads((folder / FILE).read_text("utf-8"))
    sounds = {letter: (tuple(one), tuple(other)) for letter, (one, other) in table.items()}
    lexicon = yaml.load((LEXICON / "sounds.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    places = (p.name for p in districts().places.values() if not p.city and p.kind in PLACES)
    return Homophones(sounds, lexicon), Homophones(sounds, (n for n in places if 1 < len(n) < 6))


class Homophones:
    """Reads the words of a lexicon out of the characters that recognised speech wrote."""

    def __init__(self, sounds: Sounds, lexicon: Iterable[str]) -> None:
        self._sounds = sounds
        self._index: dict[tuple[int, tuple[str, ...]], str] = {}
        for word in lexicon:
            for key in self._keys(word):
                self._index.setdefault(key, word)
        self._lengths: dict[tuple[int, str, str], set[int]] = {}
        for language, word_sounds in self._index:
            first, second = word_sounds[:2]
            self._lengths.setdefault((language, first, second), set()).add(len(word_sounds))
        self._begun = lru_cache(maxsize=PAIRS)(self._lengths_after)

    def mend(self, text: str) -> str:
        """``text`` with what only sounds like a word of the lexicon written as that word."""
        found = self._first(text[:LONGEST])
        while found:
            start, word = found
            text = text[:start] + word + text[start + len(word) :]
            found = self._first(text[:LONGEST])
        return text

    def _first(self, text: str) -> tuple[int, str] | None:
        """Where the first stretch stands that sounds like another word, and that word."""
        cuts: list[int] | None = None
        begun = [self._begun(text[start : start + 2]) for start in range(len(text) - 1)]
        for size in SIZES:
            for start in range(len(text) - size + 1):
                if size not in begun[start]:
                    continue
                stretch = text[start : start + size]
                word = self._word(stretch)
                if word is None:
                    continue
                cuts = _cuts(text) if cuts is None else cuts
                if _loose(cuts, start, start + size):
                    return start, word
        return None

    def _word(self, stretch: str) -> str | None:
        """The word of the lexicon that ``stretch`` sounds like and is not; None without one."""
        for key in self._keys(stretch):
            word = self._index.get(key)
            if word == stretch:
                return None
            if word and any(one == other for one, other in zip(word, stretch, strict=True)):
                return word
        return None

    def _lengths_after(self, pair: str) -> frozenset[int]:
        """The lengths of the words that begin with the sounds of two characters."""
        one, other = (self._sounds.get(letter, ((), ())) for letter in pair)
        return frozenset(
            length
            for language in (0, 1)
            for first, second in product(one[language], other[language])
            for length in self._lengths.get((language, first, second), ())
        )

    def _keys(self, stretch: str) -> Iterator[tuple[int, tuple[str, ...]]]:
        readings = [self._sounds.get(letter) for letter in stretch]
        if not all(readings):
            return
        for language in (0, 1):
            options = [r[language] for r in readings if r]
            for number, key in enumerate(product(*options)):
                if number == MOST_READINGS:
                    break
                yield language, key


def _cuts(text: str) -> list[int]:
    """The places where the words of ``text`` begin, and its end."""
    cuts = [0]
    for word in words(text):
        cuts.append(cuts[-1] + len(word))
    return cuts


def _loose(cuts: list[int], start: int, end: int) -> bool:
    """Whether the stretch is cut out of the words around it, and is not made of words alone.

    Two characters must both stand alone; a longer stretch needs one that does.
    """
    if start not in cuts or end not in cuts:
        return False
    inside = [c for c in cuts if start <= c <= end]
    lengths = [b - a for a, b in pairwise(inside)]
    return all(n == 1 for n in lengths) if end - start == 2 else 1 in lengths
