"""What the knowledge base holds: an answered question, the source of its facts, their term.

Pure data. The fields follow what GB/T 44191-2024 asks of a hotline's knowledge base: searchable,
maintainable, regularly checked.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

CLAUSE = re.compile(r".{4,}?(?=[\uff1f?].)")  # what comes before a question mark and more


class Kind(str, Enum):
    """How far an entry goes."""

    FACT = "fact"  # the answer itself, from a source
    POINTER = "pointer"  # no verified source yet: says honestly who knows


class Visibility(str, Enum):
    """Who may read an entry."""

    PUBLIC = "public"  # callers
    DEPARTMENT = "department"  # agents
    INTERNAL = "internal"  # editors and supervisors

    def shown_to(self, reader: "Visibility") -> bool:
        """Whether ``reader`` may read it: each may read what those before may."""
        order = list(Visibility)
        return order.index(self) <= order.index(reader)


@dataclass(frozen=True)
class Source:
    """The document that carries a fact, and the place in it."""

    document: str  # its title as people know it
    place: str  # article, section, paragraph
    published: date | None = None
    url: str | None = None


@dataclass(frozen=True)
class Entry:
    """知识条目: a question, the ways people ask it, and the answer in two forms."""

    id: str
    theme: str
    question: str
    variants: tuple[str, ...]
    answer: str  # for reading
    spoken: tuple[str, ...]  # for hearing: sentences of at most 25 characters, numbers in words
    unit: str  # the body that answers for it
    area: str  # 广州市, or one of its districts
    source: tuple[Source, ...]
    as_of: date  # the day the facts are known to have held
    checked_at: date  # the day an editor last compared it with its source
    editor: str
    kind: Kind = Kind.FACT
    keywords: tuple[str, ...] = ()  # words that callers use for it, beyond whole questions
    steps: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    phone: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    visibility: Visibility = Visibility.PUBLIC
    topic: str | None = None  # entries of one topic differ in one attribute, asked for when unsaid
    applies_to: tuple[str, ...] = ()  # words that tell this entry from the others of its topic
    ask: str | None = None  # the question that tells them apart
    fresh_days: int = 365  # older facts are served with their date said
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    @property
    def phrases(self) -> tuple[str, ...]:
        """All ways of asking: the question, its first clause, and the variants."""
        first = CLAUSE.match(self.question)
        clause = (first[0],) if first and first[0] not in self.variants else ()
        return (self.question, *clause, *self.variants)

    def served_on(self, day: date) -> bool:
        """Whether the entry may be served on that day: begun, and not expired."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day <= self.valid_until)

    def stale_on(self, day: date) -> bool:
        """Whether its facts are older than its theme allows: the date is said with the answer."""
        return (day - self.as_of).days > self.fresh_days

    def covers(self, district: str | None, city: str) -> bool:
        """Whether it holds in that district; an entry of the city holds everywhere in it."""
        return self.area == city or district is None or self.area == district
