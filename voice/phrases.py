"""What the voice process says and understands by itself, from ``phrases.yml``."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_SYMBOLS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Phrases:
    """Sentences by name, and the lists of short words with a meaning of their own."""

    says: dict[str, str]
    person: str
    backchannels: frozenset[str]
    repeat: tuple[str, ...]
    slower: tuple[str, ...]
    louder: tuple[str, ...]
    unrecorded: tuple[str, ...]
    mandarin: tuple[str, ...]
    cantonese: tuple[str, ...]
    unfinished: tuple[str, ...]  # a sentence that ends so goes on

    def is_backchannel(self, text: str) -> bool:
        """A sound of listening (嗯, 好), not a turn."""
        return _SYMBOLS.sub("", text) in self.backchannels

    def wish(self, text: str) -> str | None:
        """What a short sentence asks: ``slower``, ``louder``, ``repeat``, ``unrecorded``, or one of
        the languages. Who asks for a person who speaks it gets the person."""
        said = _SYMBOLS.sub("", text)
        if self.person in said:
            return None
        for name, words in (
            ("slower", self.slower),
            ("louder", self.louder),
            ("repeat", self.repeat),
            ("unrecorded", self.unrecorded),
            ("mandarin", self.mandarin),
            ("cantonese", self.cantonese),
        ):
            if any(word in said and len(said) <= len(word) + 5 for word in words):
                return name
        return None


@cache
def phrases() -> Phrases:
    """Those of ``phrases.yml``."""
    data = yaml.safe_load((Path(__file__).parent / "phrases.yml").read_text("utf-8"))
    return Phrases(
        says=data["says"],
        person=data["person"],
        backchannels=frozenset(data["backchannels"]),
        repeat=tuple(data["repeat"]),
        slower=tuple(data["slower"]),
        louder=tuple(data["louder"]),
        unrecorded=tuple(data["unrecorded"]),
        mandarin=tuple(data["mandarin"]),
        cantonese=tuple(data["cantonese"]),
        unfinished=tuple(data["unfinished"]),
    )
