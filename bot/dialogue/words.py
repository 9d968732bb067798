"""The sentences that the hotline says itself, loaded from ``words.yml``."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from bot.rules.session import Reply

PATH = Path(__file__).with_name("words.yml")

Words = Mapping[str, Reply]


def load(path: Path = PATH) -> Words:
    """Every sentence by its name, as a reply."""
    table = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: Reply(row["text"], spoken=row.get("spoken")) for name, row in table.items()}
