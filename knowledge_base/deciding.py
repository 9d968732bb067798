"""What decides between the entries of one topic: a district, the kind of household registration."""

from collections.abc import Sequence
from dataclasses import replace

from knowledge_base.entry import Entry
from knowledge_base.shelf import Match, Shelf


def decided(served: Sequence[Entry], told: str, district: str | None) -> Entry | None:
    """The entry whose attribute an answer names, by its longest word; else that of the district,
    or the city's. None where the answer does not decide."""
    named = [(len(word), e.id, e) for e in served for word in e.applies_to if word in told]
    if named:
        return max(named, key=lambda row: row[:2])[2]
    if district is None:
        return None
    return min(served, key=lambda e: e.area != district, default=None)


def meant(matches: tuple[Match, ...], question: str, district: str | None) -> tuple[Match, ...]:
    """The entry first whose attribute the question names, where entries of the topic differ in it;
    the longest of the words named decides ("not of Guangzhou" holds "of Guangzhou"). Where none is
    named, that of the caller's district.
    """
    topic = matches[0].entry.topic
    named = [
        (len(word), match)
        for match in matches
        if topic and match.entry.topic == topic
        for word in match.entry.applies_to
        if word in question
    ]
    there = [match for match in matches if match.entry.area == district]
    named = named or [(0, match) for match in there if topic and match.entry.topic == topic]
    if not named:
        return matches
    _, chosen = max(named, key=lambda pair: pair[0])
    first = replace(chosen, score=max(chosen.score, matches[0].score))
    return (first, *(match for match in matches if match is not chosen))


def rivals_are(siblings: Sequence[Entry], rivals: Sequence[Match]) -> bool:
    """Whether only entries of the same topic come near: the attribute was said, so it decides."""
    return bool(rivals) and all(match.entry in siblings for match in rivals)


def deciding(
    shelf: Shelf, entry: Entry, siblings: Sequence[Entry], question: str, district: str | None
) -> str | None:
    """The question to ask back where entries of a topic differ and nothing tells which."""
    if not siblings or any(word in question for word in entry.applies_to):
        return None
    if entry.ask:
        return entry.ask
    if district is None and by_place((entry, *siblings), shelf.city):
        return shelf.ask_district
    return None


def by_place(topic: Sequence[Entry], city: str) -> bool:
    """Whether it depends on the district which entry of a topic holds."""
    return any(entry.area != city for entry in topic)
