"""What every part of the desk stands on: the records, the rules, and who is told."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.clock import now
from bot.rules.routing import Catalogue, Unit
from bot.rules.sla import Policy
from bot.store import Store
from knowledge_base.routing import load_catalogue, load_units
from knowledge_base.sla import load_policy

Event = dict[str, Any]


class Announcer(Protocol):
    """Tells other processes what has just been committed. May lose it: records are the truth.

    Topics: ``session:<id>`` for whoever shows that session, ``desk`` for every desk page.
    """

    async def publish(self, topic: str, event: Event) -> object:
        """Tell whoever listens to the topic; never raises."""


@dataclass(frozen=True)
class Rulebook:
    """The city's tables in force."""

    policy: Policy
    catalogue: Catalogue
    units: Mapping[str, Unit]

    @classmethod
    def standing(cls) -> "Rulebook":
        """The tables that ship with the product."""
        return cls(load_policy(), load_catalogue(), load_units())


def none_kept(sessions: Iterable[str]) -> None:
    """There are no recordings."""


class Counter:
    """Base of the desk's parts. ``erase`` deletes the recordings of sessions."""

    def __init__(
        self,
        store: Store,
        announcer: Announcer | None = None,
        rulebook: Rulebook | None = None,
        erase: Callable[[Iterable[str]], None] = none_kept,
    ) -> None:
        self._store = store
        self._announcer = announcer
        self._rules = rulebook or Rulebook.standing()
        self._erase = erase

    @property
    def policy(self) -> Policy:
        """The clocks' policy in force."""
        return self._rules.policy

    @property
    def units(self) -> Mapping[str, Unit]:
        """The handling units, by name."""
        return self._rules.units

    @property
    def catalogue(self) -> Catalogue:
        """The routing catalogue in force."""
        return self._rules.catalogue

    async def _announce(self, *events: tuple[str, Event]) -> None:
        if self._announcer is None:
            return
        for topic, event in events:
            await self._announcer.publish(topic, event)

    @staticmethod
    def _at(at: datetime | None) -> datetime:
        return at or now()
