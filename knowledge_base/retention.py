"""Loads how long what is kept (``retention.yml``)."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("retention.yml")


@dataclass(frozen=True)
class Retention:
    """How long each kind of personal data is kept."""

    ticket_callers: timedelta
    conversations: timedelta
    letters: timedelta


@cache
def load_retention(file: Path = FILE) -> Retention:
    """The periods in force."""
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Retention(**{name: timedelta(days=row["days"]) for name, row in data.items()})
