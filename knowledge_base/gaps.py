"""What callers asked and did not get, brought together: one row a matter, the most asked first.

Questions belong together when their characters in pairs, folded as the search folds them, overlap
by half; the longest-standing question of a group speaks for it. Pure.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

ALIKE = 0.5  # share of the shorter question's pairs that two questions have in common
EXAMPLES = 5


@dataclass(frozen=True)
class Asked:
    """A question that got no answer. ``turn`` names where it stands: session and number."""

    text: str
    district: str | None
    turn: str


@dataclass
class Gap:
    """A matter that the base lacks."""

    question: str
    count: int = 0
    districts: Counter[str] = field(default_factory=Counter)
    examples: list[Asked] = field(default_factory=list)


def gaps(asked: Iterable[Asked], folded: Callable[[str], str]) -> list[Gap]:
    """The groups, the most asked first; ``folded`` brings a text to its comparable form."""
    found: list[tuple[set[str], Gap]] = []
    for question in asked:
        text = folded(question.text)
        pairs = {text[i : i + 2] for i in range(len(text) - 1)}
        if not pairs:
            continue
        near = max(found, key=lambda row: _alike(pairs, row[0]), default=None)
        if near is None or _alike(pairs, near[0]) < ALIKE:
            near = (pairs, Gap(question.text))
            found.append(near)
        gap = near[1]
        gap.count += 1
        if question.district:
            gap.districts[question.district] += 1
        if len(gap.examples) < EXAMPLES:
            gap.examples.append(question)
    return sorted((gap for _, gap in found), key=lambda gap: -gap.count)


def _alike(one: set[str], other: set[str]) -> float:
    return len(one & other) / min(len(one), len(other))
