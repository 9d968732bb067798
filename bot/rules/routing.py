"""派单目录: which unit handles what, where, and what to ask when the answer decides.

Pure: rules and units are passed in (``knowledge_base/routing.yml``, ``units.yml``). Territorial
first, then the trade's own office; what is an office's duty is not sent down to a street
(国办函〔2025〕66号).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.rules.ticket import Urgency


@dataclass(frozen=True)
class Unit:
    """承办单位. ``level``: city, district, street or enterprise."""

    name: str
    level: str
    district: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class RoutingRule:
    """One row of the catalogue.

    ``category`` is first level / second level; ``covers`` names further ones. ``topic``: words
    that tell this matter. ``when``: the circumstance; a row with one holds only when one of its
    words is said. ``{district}`` in a unit's name is filled in. ``auto`` lets a ticket leave
    without a person; ``verified`` is false where no source could be checked; ``ask`` is the
    question whose answer decides.
    """

    id: str
    category: str
    lead: str
    source: str
    covers: tuple[str, ...] = ()
    co: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    urgency: Urgency = Urgency.NORMAL
    ask: str = ""
    auto: bool = True
    verified: bool = False


@dataclass(frozen=True)
class Route:
    """A proposal: the unit, how sure (0..1), and the question that would make it surer.

    ``lead_unit`` is empty where a person has to decide. ``agreed``: what was said and the
    category that was understood point to the same row.
    """

    lead_unit: str = ""
    co_units: tuple[str, ...] = ()
    rule_id: str = ""
    category: str = ""
    source: str = ""
    urgency: Urgency = Urgency.NORMAL
    confidence: float = 0.0
    ask: str = ""
    agreed: bool = False
    auto: bool = False


UNKNOWN = Route()
_RANK = {urgency: rank for rank, urgency in enumerate(Urgency)}

# How sure a row makes us.
AGREED = 0.95  # category and words say the same, and nothing is left to ask
UNDERSTOOD = 0.8  # the category alone, down to its second level
TOLD = 0.7  # the words alone
OPEN = 0.6  # at most this where a question could still overturn it


def more_urgent(one: Urgency, other: Urgency) -> Urgency:
    """The higher of two."""
    return one if _RANK[one] >= _RANK[other] else other


@dataclass(frozen=True)
class _Fit:
    """How a row fits: by category (0 not, 1 first level, 2 both), by words, by circumstance."""

    rule: RoutingRule
    category: int
    topic: int
    when: int = field(default=0)

    @property
    def rank(self) -> tuple[bool, bool, bool, int, bool]:
        both = self.category > 0 and self.topic > 0
        exact = self.category == 2
        return both, self.when > 0, exact, self.topic + self.when, bool(self.rule.districts)


class Catalogue:
    """派单目录: the rows, looked up by category and by the words that were said."""

    def __init__(self, rules: Iterable[RoutingRule]) -> None:
        self.rules = tuple(rules)
        named = [name for rule in self.rules for name in (rule.category, *rule.covers)]
        self.categories = tuple(dict.fromkeys(named))
        self._order = {rule.id: place for place, rule in enumerate(self.rules)}
        self._words: dict[str, set[str]] = {}  # by their first character
        for word in {word for rule in self.rules for word in (*rule.topic, *rule.when)}:
            self._words.setdefault(word[0], set()).add(word)
        self._by_word: dict[str, list[RoutingRule]] = {}
        self._by_category: dict[str, list[RoutingRule]] = {}
        for rule in self.rules:
            for name in (rule.category, *rule.covers):
                self._by_category.setdefault(name, []).append(rule)
            for word in rule.topic:
                self._by_word.setdefault(word, []).append(rule)

    def route(self, category: str, district: str, said: str) -> Route:
        """The proposal for a matter understood as ``category``, in ``district``, told as ``said``.

        The row on which category and words agree goes first, then the one whose circumstance
        was said. Without a district a row that needs one proposes no unit.
        """
        words = {word for first in set(said) for word in self._words.get(first, ()) if word in said}
        rows = {rule.id: rule for rule in self._by_category.get(category, ())}
        for word in words:
            rows |= {rule.id: rule for rule in self._by_word.get(word, ())}
        found = sorted(rows.values(), key=lambda rule: self._order[rule.id])
        fits = [fit for rule in found if (fit := _fit(rule, category, district, words)) is not None]
        return _proposal(max(fits, key=lambda fit: fit.rank), district) if fits else UNKNOWN


def _proposal(best: _Fit, district: str) -> Route:
    row = best.rule
    agreed = best.category > 0 and best.topic > 0
    confidence = AGREED if agreed else UNDERSTOOD if best.category == 2 else TOLD
    ask = "" if best.when else row.ask
    lead = _fill(row.lead, district)
    return Route(
        lead_unit=lead,
        co_units=tuple(filter(None, (_fill(unit, district) for unit in row.co))),
        rule_id=row.id,
        category=row.category,
        source=row.source,
        urgency=row.urgency,
        confidence=min(confidence, OPEN if ask else 1.0) if lead else 0.0,
        ask=ask,
        agreed=agreed,
        auto=row.auto and bool(lead),
    )


def _fit(rule: RoutingRule, category: str, district: str, words: set[str]) -> _Fit | None:
    if rule.districts and district not in rule.districts:
        return None
    when = _weight(rule.when, words)
    if rule.when and not when:
        return None
    topic = _weight(rule.topic, words)
    names = (rule.category, *rule.covers)
    if category in names:
        level = 2
    elif category and category.split("/")[0] in {name.split("/")[0] for name in names}:
        level = 1
    else:
        level = 0
    return _Fit(rule, level, topic, when) if topic or level == 2 else None


def _weight(wanted: tuple[str, ...], words: set[str]) -> int:
    return sum(len(word) for word in wanted if word in words)


def _fill(unit: str, district: str) -> str:
    if "{district}" not in unit:
        return unit
    return unit.replace("{district}", district) if district else ""
