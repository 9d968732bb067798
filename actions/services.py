"""What actions work with; made by the wiring function of the process."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.clock import Clock, now
from bot.desk import Desk
from bot.rules.report import Wording
from knowledge_base.knowledge import KnowledgeBase
from knowledge_base.referrals import Referral


@dataclass(frozen=True)
class Services:
    """``seconds`` is an action's deadline, ``words`` what ``bot/dialogue/phrases.yml`` holds."""

    desk: Desk
    knowledge: KnowledgeBase
    referrals: Mapping[str, Referral]
    words: Mapping[str, Any]
    seconds: float
    clock: Clock = now

    @property
    def wording(self) -> Wording:
        """What taking a report looks for in a sentence."""
        return Wording(
            openers=tuple(sorted(self.words["openers"], key=len, reverse=True)),
            with_party=frozenset(self.words["with_party"]),
            private=self.words["private"],
            leads=self.words["leads"],
            party=self.words["party"],
            timely=self.words["timely"],
            declined=self.words["declined"],
        )
