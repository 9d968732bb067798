"""The clauses of an utterance, and what of them is the matter itself. Pure.

People type full-width marks, recognisers half-width ones: both part clauses.
"""

from __future__ import annotations

import re
from itertools import zip_longest

from bot.rules.report import TRIMMED, Wording

MARKS = ",;!?\u3002\uff0c\uff1b\uff01\uff1f"
BESIDE = 2  # characters around a name that say nothing: "call me …"
CLAUSE = re.compile(f"([{MARKS}]+)")


def substance(text: str, wording: Wording) -> str:
    """The utterance without "hello, I want to complain": empty where nothing else was said."""
    rest = text.strip()
    changed = True
    while changed:
        changed = False
        for opener in wording.openers:
            if rest.startswith(opener):
                rest = rest[len(opener) :].lstrip(TRIMMED)
                changed = True
    return rest


def without_private(text: str, wording: Wording, name: str | None = None) -> str:
    """The text without the clauses that tell name, number or a wish for secrecy. ``name``: the
    caller's, where one was heard: a clause that is hardly more than it tells nothing else.

    They are kept in fields of their own, which may be sealed; the matter goes to the unit.
    """
    private = re.compile(wording.private)
    parts = CLAUSE.split(text)
    told = [
        clause + mark
        for clause, mark in zip_longest(parts[::2], parts[1::2], fillvalue="")
        if not (clause and (private.search(clause) or _is_name(clause, name)))
    ]
    return text if len(told) == len(parts[::2]) else "".join(told).strip(MARKS)


def _is_name(clause: str, name: str | None) -> bool:
    return bool(name) and str(name) in clause and len(clause.strip()) - len(str(name)) <= BESIDE
