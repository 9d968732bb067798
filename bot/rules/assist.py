"""坐席助手: what the caller said that is not in the draft, and what to ask next. Pure.

A fact that was said and not noted, and a complaint noted as a question, are pointed out before a
ticket is filed; the same looks at filed tickets afterwards (质检).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.rules.address import locate
from bot.rules.gazetteer import Gazetteer
from bot.rules.numbers import phone
from bot.rules.privacy import mask_name, mask_phone
from bot.rules.report import QUESTION

_LOOSE = re.compile(r"[\s,，。.、的]")


@dataclass(frozen=True)
class Ear:
    """What is listened for: the city's tables and expressions, from data."""

    gazetteer: Gazetteer
    complaint: re.Pattern[str]
    time: re.Pattern[str]
    name: re.Pattern[str]
    confidential: re.Pattern[str]


@dataclass(frozen=True)
class Hint:
    """``unsaid``: said and not in the draft; ``as_question``: a complaint noted as a question.

    ``field`` is the draft's, ``value`` what it might hold.
    """

    kind: str
    field: str
    value: str


def hints(said: Iterable[str], draft: Mapping[str, Any], ear: Ear) -> list[Hint]:
    """What to point out, at most one a field: what was said last counts."""
    texts = [text for text in said if text.strip()]
    found = {name: value for text in texts for name, value in _facts(text, ear).items()}
    out = [
        Hint("unsaid", name, value)
        for name, value in found.items()
        if not _holds(draft, name, value)
    ]
    complaint = next((m for text in texts if (m := ear.complaint.search(text))), None)
    if complaint and draft.get("kind") == QUESTION:
        out.append(Hint("as_question", "kind", complaint[0]))
    return out


def _facts(text: str, ear: Ear) -> dict[str, str]:
    facts: dict[str, str] = {}
    number = phone(text)
    if number:
        facts["phone"] = number
    where = locate(text, ear.gazetteer)
    if where.address:
        facts["place"] = where.address
    if where.district:
        facts["district"] = where.district
    for field, pattern in (("time", ear.time), ("name", ear.name)):
        match = pattern.search(text)
        if match:
            facts[field] = match[match.lastindex or 0]
    if ear.confidential.search(text):
        facts["confidential"] = "true"
    return facts


def _holds(draft: Mapping[str, Any], field: str, value: str) -> bool:
    """Whether the draft says it, in that field or in the matter."""
    if field == "confidential":
        return bool(draft.get("confidential"))
    own = str(draft.get(field) or "")
    if "*" in own:  # of a filed ticket only the mask is known
        return own in (mask_phone(value), mask_name(value)) or own[:1] == value[:1]
    beside = set() if field == "district" else {"matter", "place"}
    noted = " ".join(str(draft.get(name) or "") for name in {field} | beside)
    return _LOOSE.sub("", value) in _LOOSE.sub("", noted)


def next_words(
    missing: Sequence[str], asks: Mapping[str, str], read_back: str, *, began: bool
) -> list[str]:
    """Sentences an agent may send with one key: the greeting, the question for what is missing
    first and second, and the reading back once nothing is."""
    words = [] if began else [asks["greeting"]]
    words += [asks[name] for name in missing if name in asks][:2]
    return [*words, read_back] if not missing else words
