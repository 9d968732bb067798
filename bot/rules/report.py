"""预受理: a report on its way to a ticket, as the dialogue keeps it. Pure data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Heard = Mapping[str, Any]

FIELDS = ("matter", "place", "time", "party", "name", "phone", "confidential", "confirmed")
APPEAL = "民生诉求"  # the kind whose place, time and party are asked
QUESTION = "政务咨询"
TRIMMED = ",.!?:\u3002\u3001\uff0c\uff01\uff1f\uff1a 的了"


@dataclass(frozen=True)
class Report:
    """预受理: the report so far, with what is known beside the fields that are asked."""

    matter: str | None = None
    place: str | None = None
    time: str | None = None
    party: str | None = None
    name: str | None = None
    phone: str | None = None
    confidential: bool | None = None
    confirmed: bool | None = None
    kind: str | None = None
    category: str | None = None
    district: str | None = None
    street: str | None = None
    anonymous: bool = False
    correcting: bool = False  # the caller said "no" to the reading back
    other_phone: bool = False  # not the calling number
    place_part: str | None = None  # a place without its district, or a district without a place
    place_ask: str | None = None  # how it is asked for, where two districts have such a place
    tries: Mapping[str, int] = field(default_factory=dict)

    def missing(self) -> tuple[str, ...]:
        """The fields still to be asked, in order."""
        return tuple(name for name in FIELDS if getattr(self, name) is None)


@dataclass(frozen=True)
class Step:
    """What an utterance did to the report.

    ``interrupted``: it was not for the report. ``understood`` False: it was, and could not be
    read. ``corrected``: the fields whose value was changed. ``added``: it went to the matter.
    """

    report: Report
    interrupted: bool = False
    understood: bool = True
    corrected: tuple[str, ...] = ()
    added: bool = False


@dataclass(frozen=True)
class Wording:
    """Words that the rules look for, from the dialogue's data."""

    openers: Sequence[str] = ()
    with_party: frozenset[str] = frozenset()  # first-level categories where a party is asked
    private: str = r"(?!)"  # a clause that tells who calls and how to reach them, not what happened
    leads: str = r"(?!)"  # what stands before a place, and is none of it
    party: str = r"(?!)"  # a party by its name, in a group of that name
    timely: str = r"(?s:.)"  # what an answer to "when" has in it
    declined: Mapping[str, str] = field(default_factory=dict)  # name, phone: a wish to leave it out
