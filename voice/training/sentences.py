"""What the model is taught to hear: sentences of the hotline by grammar, and free text.

Two fifths of the broad mix are free text on purpose. A model that hears templates alone learns
to finish them and stops listening: what it must learn is which characters a sound is. Once it
has, the mix of calls teaches it what callers say, telephone numbers above all.
"""

import itertools
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from voice.training.characters import SPOKEN, dictionary, product_clauses

HERE = Path(__file__).parent
SYMBOL = re.compile(r"\{(\w+)\}")
HELD_OUT = 20  # one product clause in so many is kept for measuring

# Shares of the kinds of sentences in each mix, in percent.
MIXES = {
    "broad": {"hotline": 30, "digits": 11, "answers": 9, "product": 8, "mixed": 12, "free": 30},
    "calls": {"hotline": 36, "digits": 32, "answers": 12, "product": 7, "mixed": 7, "free": 6},
}
KINDS = tuple(MIXES["broad"])


@dataclass(frozen=True)
class Sentence:
    """``spoken`` goes to the voice (a comma is a pause); ``text`` is what should be written."""

    kind: str
    spoken: str

    @property
    def text(self) -> str:
        return "".join(SPOKEN.findall(self.spoken))


def grammar() -> dict[str, Any]:
    """Every symbol of the YAML files here with its lines; ``kinds`` with their weights."""
    symbols: dict[str, Any] = {}
    for name in ("places", "numbers", "phrases"):
        symbols |= yaml.safe_load((HERE / f"{name}.yml").read_text(encoding="utf-8"))
    return symbols


class Sentences:
    """An endless, repeatable source: the same seed gives the same sentences."""

    def __init__(self, seed: int, held_out: bool = False, mix: str = "broad") -> None:
        self.random = random.Random(seed)
        self.shares = MIXES[mix]
        self.symbols = grammar()
        kinds = self.symbols["kinds"]
        self.hotline = [kind for kind in kinds if kind not in ("digits", "answer")]
        self.weights = [kinds[kind] for kind in self.hotline]
        words = dictionary()
        self.words = list(words)
        # Half of the words nearly as often as people say them, half with the rare ones lifted.
        self.totals = [
            list(itertools.accumulate(count**power for count in words.values()))
            for power in (0.4, 0.75)
        ]
        self.by_character: dict[str, list[str]] = {}
        for word in self.words:
            for character in word:
                self.by_character.setdefault(character, []).append(word)
        self.characters = sorted(self.by_character)
        clauses = product_clauses()
        self.clauses = [
            clause for clause in clauses if (_number(clause) % HELD_OUT == 0) == held_out
        ]

    def __iter__(self) -> Iterator[Sentence]:
        kinds, shares = list(self.shares), list(self.shares.values())
        while True:
            sentence = self.one(self.random.choices(kinds, shares)[0])
            if 0 < len(sentence.text) <= 45:
                yield sentence

    def one(self, kind: str) -> Sentence:
        """A sentence of one kind: one of `KINDS`."""
        return Sentence(kind, getattr(self, f"_{kind}")())

    def expand(self, symbol: str) -> str:
        """One random line of the grammar's ``symbol`` with everything in it filled in."""
        line: str = self.random.choice(self.symbols[symbol])
        return SYMBOL.sub(lambda found: self.expand(found.group(1)), line)

    def _hotline(self) -> str:
        return self.expand(self.random.choices(self.hotline, self.weights)[0])

    def _digits(self) -> str:
        return self.expand("digits")

    def _answers(self) -> str:
        return self.expand("answer")

    def _product(self) -> str:
        return self.random.choice(self.clauses) if self.clauses else self._hotline()

    def _mixed(self) -> str:
        """A piece cut out of a hotline sentence, among random words."""
        text = self.expand(self.random.choice([*self.hotline, "digits"]))
        begin = self.random.randrange(len(text))
        piece = text[begin : begin + self.random.randint(1, 12)]
        before = self._free(3) if self.random.random() < 0.5 else ""
        after = self._free(3) if self.random.random() < 0.5 else ""
        return before + piece + after

    def _free(self, most: int = 9) -> str:
        pieces = []
        totals = self.random.choice(self.totals)
        for _ in range(self.random.randint(1, most)):
            if self.random.random() < 0.1:
                character = self.random.choice(self.characters)
                pieces.append(self.random.choice(self.by_character[character]))
            else:
                pieces += self.random.choices(self.words, cum_weights=totals)
            if self.random.random() < 0.04:
                pieces.append(",")
        text = "".join(pieces)
        if self.random.random() < 0.2 and len(text) > 3:  # a clause cut anywhere
            text = text[self.random.randrange(2) : len(text) - self.random.randrange(2)]
        return text


def _number(text: str) -> int:
    """A stable number of a text, for splitting: Python's own hash changes by process."""
    return sum(ord(character) * (index + 1) for index, character in enumerate(text))
