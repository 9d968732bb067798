"""What becomes of a question, over the entries of one moment. Pure.

It is answered only above a calibrated confidence; below it two or three candidates are offered, the
attribute that decides is asked for (a district, the kind of household registration), and otherwise
it is said that nothing is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.rules.clauses import CLAUSE, MARKS
from knowledge_base.deciding import by_place, decided, deciding, meant, rivals_are
from knowledge_base.entry import Entry, Visibility
from knowledge_base.shelf import TIED, Match, Shelf

OFFERED = 3  # candidates of a "did you mean"
RIVAL = 0.6  # a candidate must have this share of the first one's score to be offered beside it
ASKING = 6  # characters of a clause that may be a question by itself
SHORT = 14  # characters: a question this short may lean on the answer before it
BETTER = 2.5  # how much better than the entry before another one must fit a follow-up
NOTICED = 0.35  # below this score another entry does not fit a follow-up
KIN = 0.5  # from here on a question that only entries of one topic come near is answered


@dataclass(frozen=True)
class Finding:
    """What became of a question.

    answered: ``entry`` is the answer. close: ``matches`` are worth offering, and ``ask``, where
    set, is the question that tells them apart. unknown: hand over, or open a ticket.
    """

    kind: Literal["answered", "close", "unknown"]
    entry: Entry | None = None
    matches: tuple[Match, ...] = ()
    ask: str | None = None
    confidence: float = 0.0
    words: tuple[str, ...] = ()  # some of which an answer to ``ask`` holds, unless it is a place


def decided_on(
    shelf: Shelf, entry_id: str, told: str, *, on: date, district: str | None = None
) -> Entry | None:
    """``KnowledgeBase.decided`` over the entries of a shelf."""
    entry = shelf.by_id.get(entry_id)
    if entry is None:
        return None
    topic = (entry, *shelf.topic(entry))
    served = [e for e in topic if _served(shelf, e, on, district)]
    return decided(served, told, district if by_place(topic, shelf.city) else None)


def find_on(
    shelf: Shelf,
    question: str,
    *,
    on: date,
    district: str | None = None,
    previous: str | None = None,
) -> Finding:
    """``KnowledgeBase.find`` over the entries of a shelf."""
    matches = search_on(shelf, question, on=on, district=district)
    sure = shelf.sure(question, matches)
    before = shelf.by_id.get(previous) if previous else None
    if before and _leans(shelf, question):
        followed = _followed(shelf, question, before, on, district)
        fits = followed.matches[0].score
        if sure < shelf.confidence.answered or fits >= RIVAL * matches[0].score:
            return followed
    finding = _judged(shelf, question, matches, sure, district)
    if finding.kind == "answered" or finding.ask:
        return finding
    return _asked_last(shelf, question, matches, on, district) or finding


def _asked_last(
    shelf: Shelf, question: str, matches: Sequence[Match], on: date, district: str | None
) -> Finding | None:
    """The answer to the last clause alone, where the whole comes nearest to the same entry: what
    is told before a question ("my father is 85") seldom stands in any entry."""
    clause = CLAUSE.split(question.strip().rstrip(MARKS))[-1]
    if len(clause) < ASKING or len(clause) == len(question):
        return None
    found = search_on(shelf, clause, on=on, district=district)
    if not found or not matches or found[0].entry is not matches[0].entry:
        return None
    finding = _judged(shelf, clause, found, shelf.sure(clause, found), district)
    away = shelf.elsewhere(found[0].entry, question)
    return None if away or finding.kind != "answered" else finding


def search_on(
    shelf: Shelf,
    question: str,
    *,
    on: date,
    district: str | None = None,
    count: int = 5,
    reader: Visibility = Visibility.PUBLIC,
) -> tuple[Match, ...]:
    """``KnowledgeBase.search`` over the entries of a shelf."""
    found = shelf.matches(question, count * 3)
    return tuple([m for m in found if _served(shelf, m.entry, on, district, reader)][:count])


def _served(
    shelf: Shelf,
    entry: Entry,
    on: date,
    district: str | None,
    reader: Visibility = Visibility.PUBLIC,
) -> bool:
    """Whether the entry may be given that day, in that district, to that reader: a caller."""
    shown = entry.visibility.shown_to(reader)
    return shown and entry.served_on(on) and entry.covers(district, shelf.city)


def _leans(shelf: Shelf, question: str) -> bool:
    """Whether a question says too little by itself: short, with the words of a follow-up."""
    return len(question) <= SHORT and any(phrase in question for phrase in shelf.follow_up)


def _followed(
    shelf: Shelf, question: str, before: Entry, on: date, district: str | None
) -> Finding:
    """The entry on the same matter that the question fits clearly better; else the one before."""
    family = [m for m in shelf.family(before, question) if _served(shelf, m.entry, on, district)]
    own = next((match for match in family if match.entry is before), None)
    own = own or Match(before, 0.0)
    best = max(family, key=lambda match: match.by_words, default=own)
    best = best if best.by_words > max(own.by_words * BETTER, NOTICED) else own
    return Finding("answered", best.entry, (best,), None, 1.0)


def _judged(
    shelf: Shelf, question: str, matches: tuple[Match, ...], sure: float, district: str | None
) -> Finding:
    if sure < shelf.confidence.close:
        return Finding("unknown", None, matches, None, sure)
    matches = meant(matches, question, district)
    first = matches[0]
    offered = tuple(m for m in matches[:OFFERED] if m.score >= RIVAL * first.score)
    siblings = shelf.topic(first.entry)
    ask = deciding(shelf, first.entry, siblings, question, district)
    if ask:
        of_topic = [m for m in matches if m.entry is first.entry or m.entry in siblings]
        words = tuple(word for e in (first.entry, *siblings) for word in e.applies_to)
        return Finding("close", None, tuple(of_topic), ask, sure, words)
    if shelf.elsewhere(first.entry, question):
        return Finding("close", None, offered, None, sure)
    said = siblings and any(word in question for word in first.entry.applies_to)
    apart = [first, *(m for m in matches[1:] if m.entry not in siblings)]
    kin = sure >= KIN and rivals_are(siblings, offered[1:])
    kin = kin or bool(said and shelf.sure(question, apart) >= KIN)
    tied = sure < 1 and len(offered) > 1 and offered[1].score >= TIED * first.score
    if kin or (sure >= shelf.confidence.answered and not tied):
        return Finding("answered", first.entry, matches, None, sure)
    return Finding("close", None, offered, None, sure)
