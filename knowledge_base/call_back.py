"""Loads the call-backs' hours, words listened for, and sentences (``call_back.yml``)."""

from dataclasses import dataclass
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.rules.call_back import CallingHours, Lexicon
from bot.rules.session import Reply

FILE = Path(__file__).with_name("call_back.yml")


@dataclass(frozen=True)
class CallBackScript:
    """``replies`` by name; ``matter`` stands for a category that is not known."""

    hours: CallingHours
    lexicon: Lexicon
    replies: dict[str, Reply]
    matter: str


@cache
def load_call_back(file: Path = FILE) -> CallBackScript:
    """The script in force."""
    data: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    hear = data["hear"]
    grades = {words: grade for grade, several in hear["grades"].items() for words in several}
    others = {name: tuple(words) for name, words in hear.items() if name != "grades"}
    spans = [(time.fromisoformat(a), time.fromisoformat(b)) for a, b in data["hours"]["spans"]]
    says = data["say"].items()
    return CallBackScript(
        hours=CallingHours(tuple(spans)),
        lexicon=Lexicon(grades, **others),
        replies={name: Reply(row["text"], spoken=row.get("spoken")) for name, row in says},
        matter=data["matter"],
    )
