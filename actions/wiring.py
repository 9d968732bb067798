"""Makes what the actions work with; ``python -m bot.cli actions`` serves them."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from actions.services import Services
from bot import encoding
from bot.desk import Desk
from bot.settings import ROOT, Settings
from knowledge_base.knowledge import KnowledgeBase
from knowledge_base.referrals import referrals
from knowledge_base.vectors import Vectors

PHRASES = ROOT / "bot" / "dialogue" / "phrases.yml"


@cache
def _knowledge(folder: Path, vectors: Vectors | None) -> KnowledgeBase:
    return KnowledgeBase(folder, vectors)


@cache
def phrases(path: Path = PHRASES) -> dict[str, Any]:
    """The phrases of the dialogue, read once in a process."""
    table: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return table


def services(settings: Settings, desk: Desk) -> Services:
    """The knowledge base and the tables are read once in a process."""
    return Services(
        desk=desk,
        knowledge=_knowledge(settings.entries, encoding.vectors(settings)),
        referrals=referrals(),
        words=phrases(),
        seconds=settings.action_seconds,
    )
