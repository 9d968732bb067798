"""回访: when somebody may be called, and what is asked and understood on the call. Pure.

The call-back by phone is the one of S4 (Zengcheng 2018: 电话回访); its five grades are those of
好差评 (国办发〔2019〕51号). Words are passed in (``knowledge_base/call_back.yml``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import Enum

from bot.rules.clauses import CLAUSE

TRIES = 2  # times that a question is asked
DAY = timedelta(days=1)
BAD = 2  # this grade and those below are dissatisfied


@dataclass(frozen=True)
class CallingHours:
    """When people may be called: spans of a day, in order."""

    spans: tuple[tuple[time, time], ...]

    def open_at(self, at: datetime) -> bool:
        """Whether a call may begin now."""
        return any(first <= at.time() < last for first, last in self.spans)

    def next_open(self, at: datetime) -> datetime:
        """The first moment from ``at`` on at which a call may begin."""
        if self.open_at(at):
            return at
        firsts = [datetime.combine(at.date(), first, at.tzinfo) for first, _ in self.spans]
        later = [first for first in firsts if first >= at]
        return later[0] if later else firsts[0] + DAY


class Asked(str, Enum):
    """Which answer is waited for."""

    RESULT = "result"
    REASON = "reason"
    SERVICE = "service"
    NOTHING = "nothing"  # it is over


class Ending(str, Enum):
    """How a call-back by phone ended."""

    RATED = "rated"
    LATER = "later"  # not now, call again
    DECLINED = "declined"  # does not want to be called
    WRONG_PERSON = "wrong_person"
    UNCLEAR = "unclear"  # nothing was understood
    PERSON = "person"  # wants to talk to somebody


@dataclass(frozen=True)
class Lexicon:
    """Words that are listened for. ``grades``: words to their grade, 1 to 5."""

    grades: Mapping[str, int]
    later: Sequence[str] = ()
    declined: Sequence[str] = ()
    wrong_person: Sequence[str] = ()
    person: Sequence[str] = ()


@dataclass(frozen=True)
class Talk:
    """How far a call-back has got. ``grade`` is of the result, ``service`` of how we spoke."""

    asked: Asked = Asked.RESULT
    tries: int = 0
    grade: int | None = None
    reason: str = ""
    service: int | None = None
    ending: Ending | None = None


def grade_in(text: str, grades: Mapping[str, int]) -> int | None:
    """The grade in an answer: the longest words that it holds; of two as long, the worse.

    "not satisfied" holds "satisfied", so the longer words win.
    """
    said = text.strip().rstrip("。.!")
    if said in {"1", "2", "3", "4", "5"}:
        return int(said)
    found = [(len(words), -grade) for words, grade in grades.items() if words in said]
    return -max(found)[1] if found else None


def graded(text: str, grades: Mapping[str, int]) -> tuple[int, str] | None:
    """The grade of a message that is one, and what it says about it; None for any other message.

    Its first clause has to be a grade and nothing else: many a report says "not satisfied" too.
    """
    first, *rest = CLAUSE.split(text.strip(), maxsplit=1)
    said = first.strip()
    grade = int(said) if said in {"1", "2", "3", "4", "5"} else grades.get(said)
    return None if grade is None else (grade, rest[1].strip() if rest else "")


def heard(talk: Talk, text: str, lexicon: Lexicon) -> Talk:
    """The talk after an answer. The grade of the result is in it as soon as it was said."""
    ending = _aside(talk, text, lexicon)
    if ending is not None:
        return _over(talk, ending)
    if talk.asked is Asked.REASON:
        return replace(talk, asked=Asked.SERVICE, tries=0, reason=text.strip())
    grade = grade_in(text, lexicon.grades)
    if grade is None:
        return _not_understood(talk)
    if talk.asked is Asked.SERVICE:
        return _over(replace(talk, service=grade), Ending.RATED)
    asked = Asked.REASON if grade <= BAD else Asked.SERVICE
    return replace(talk, asked=asked, tries=0, grade=grade)


def _aside(talk: Talk, text: str, lexicon: Lexicon) -> Ending | None:
    """What ends the call whatever was asked."""
    if text.strip() == "0" or _holds(text, lexicon.person):
        return Ending.PERSON
    if talk.grade is not None:
        return None  # what is said after the grade is about the matter
    if _holds(text, lexicon.declined):
        return Ending.DECLINED
    if _holds(text, lexicon.wrong_person):
        return Ending.WRONG_PERSON
    return Ending.LATER if _holds(text, lexicon.later) else None


def _not_understood(talk: Talk) -> Talk:
    if talk.tries + 1 < TRIES:
        return replace(talk, tries=talk.tries + 1)
    return _over(talk, Ending.UNCLEAR if talk.grade is None else Ending.RATED)


def _over(talk: Talk, ending: Ending) -> Talk:
    return replace(talk, asked=Asked.NOTHING, ending=ending)


def _holds(text: str, words: Sequence[str]) -> bool:
    return any(word in text for word in words)
