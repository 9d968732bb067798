"""The desk's words, read once from ``desk.yml``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.rules.assist import Ear
from bot.rules.inspection import Manners
from bot.rules.skills import Tongues
from bot.rules.ticket import Kind
from knowledge_base.districts import districts

FILE = Path(__file__).with_name("desk.yml")


@dataclass(frozen=True)
class DeskWords:
    """What is listened for, and what an agent may say."""

    kinds: Mapping[str, Kind]
    tongues: Tongues
    ear: Ear
    manners: Manners
    asks: Mapping[str, str]
    brief: Mapping[str, str]
    read_back: str
    unknown: str
    picture: str
    canned: tuple[str, ...]


@cache
def desk_words() -> DeskWords:
    """The words that ship with the product."""
    table = yaml.safe_load(FILE.read_text(encoding="utf-8"))

    def patterns(name: str) -> dict[str, Any]:
        return {key: re.compile(text) for key, text in table[name].items()}

    return DeskWords(
        kinds={name: Kind(kind) for name, kind in table["kinds"].items()},
        tongues=Tongues(**patterns("tongues")),
        ear=Ear(districts(), **patterns("ear")),
        manners=Manners(**patterns("manners")),
        asks=table["asks"],
        brief=table["brief"],
        read_back=table["read_back"],
        unknown=table["unknown"],
        picture=table["picture"],
        canned=tuple(table["canned"]),
    )
