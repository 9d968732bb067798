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
    """A question that got no answer, or one (``entry``) that did not help. ``turn`` names where it
    stands: session and number."""

    text: str
    district: str | None
    turn: str
    entry: str | None = None


@dataclass
class Gap:
    """A matter that the base lacks; ``entries`` answered it, and did not help."""

    question: str
    count: int = 0
    districts: Counter[str] = field(default_factory=Counter)
    entries: Counter[str] = field(default_factory=Counter)
    examples: list[Asked] = field(default_factory=list)

    def add(self, question: Asked) -> None:
        """One more who asked it."""
        self.count += 1
        if question.district:
            self.districts[question.district] += 1
        if question.entry:
            self.entries[question.entry] += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(question)


class Groups:
    """The matters so far, found by the pairs of characters that they hold."""

    def __init__(self) -> None:
        self.found: list[Gap] = []
        self._sizes: list[int] = []
        self._holding: dict[str, list[int]] = {}  # pair: the matters that hold it
        self._known: dict[str, int] = {}  # folded text: its matter

    def of(self, text: str, question: str) -> Gap | None:
        """The matter of a folded text, begun with ``question`` where none is alike; None for a
        text too short to compare."""
        if text not in self._known:
            pairs = {text[i : i + 2] for i in range(len(text) - 1)}
            if not pairs:
                return None
            near = self._nearest(pairs)
            self._known[text] = self._begun(pairs, question) if near is None else near
        return self.found[self._known[text]]

    def _nearest(self, pairs: set[str]) -> int | None:
        common = Counter(place for pair in pairs for place in self._holding.get(pair, ()))
        alike = {
            place: count / min(len(pairs), self._sizes[place]) for place, count in common.items()
        }
        near = max(alike, key=lambda place: (alike[place], -place), default=None)
        return near if near is not None and alike[near] >= ALIKE else None

    def _begun(self, pairs: set[str], question: str) -> int:
        self.found.append(Gap(question))
        self._sizes.append(len(pairs))
        for pair in pairs:
            self._holding.setdefault(pair, []).append(len(self.found) - 1)
        return len(self.found) - 1


def gaps(asked: Iterable[Asked], folded: Callable[[str], str]) -> list[Gap]:
    """The groups, the most asked first; ``folded`` brings a text to its comparable form."""
    groups = Groups()
    for question in asked:
        gap = groups.of(folded(question.text), question.text)
        if gap is not None:
            gap.add(question)
    return sorted(groups.found, key=lambda gap: -gap.count)
