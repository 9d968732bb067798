"""Taking a report: what an utterance adds to it, and what is still to be asked. Pure.

``heard`` is the understanding of one utterance (the dictionary that Rasa's pipeline sets); a field
that is None is still to be asked, "" was asked or is not needed and stays open. The order of asking
follows GB/T 33358-2016's workflow sheet; naming oneself is encouraged, never demanded
(广州12345管理办法实施细则 2018 第七条).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from bot.rules.amending import amended
from bot.rules.answers import answer
from bot.rules.clauses import substance, without_private
from bot.rules.filling import correct, fill, refines
from bot.rules.report import APPEAL, Heard, Report, Step, Wording

MATTER_MIN_CHARACTERS = 4
SURE = 0.6
ADDED_CHARACTERS = 5
ADDED_TIMES = 3

# Intents that are no answer: the dialogue does something else, and comes back or not.
TALK = ("ask_machine", "hearing", "wait", "repeat", "slower", "louder", "goodbye", "greet")
DOORS = ("police", "fire", "medical", "judicial", "secret", "crisis")
SERVICES = ("consult", "ask_status", "urge", "withdraw", "ask_human", "abuse", "dissatisfied")
INTERRUPTING = frozenset(TALK + DOORS + SERVICES)
OPTIONAL = ("time", "party")  # asked twice at most
URGENT = frozenset({"police", "fire", "medical", "crisis", "ask_human"})


def begin(heard: Heard, text: str, wording: Wording) -> Report:
    """A report from the utterance that began it, filled with whatever was said in one breath."""
    told = without_private(text.strip(), wording, heard.get("name"))
    said = substance(told, wording)
    matter = told if len(said) >= MATTER_MIN_CHARACTERS else None
    report = Report(matter=matter, kind=heard.get("kind"), category=heard.get("category"))
    return _settle(fill(report, heard, text, wording), wording)


def absorb(
    report: Report,
    heard: Heard,
    text: str,
    *,
    asked: str | None,
    caller: str | None,
    wording: Wording,
) -> Step:
    """The report after one more utterance. ``asked`` is the field that was asked last."""
    intent = heard.get("intent")
    mended = None if heard.get("phone") else amended(report.phone or "", text)
    if _interrupts(heard, asked) and not (mended and intent not in URGENT):
        return Step(report, interrupted=True)
    before = report
    if mended:  # a part of the number told before
        heard = {**heard, "phone": mended}
    correcting = mended or intent == "correct" or heard.get("negated") or report.correcting
    if correcting or asked == "confirmed" or refines(report, heard, text, asked):
        report = correct(report, heard)
    else:
        report = fill(report, heard, text, wording, asked)
    corrected = tuple(
        name
        for name in ("place", "time", "name", "phone", "confidential")
        if getattr(before, name) not in (None, "", getattr(report, name))
    )
    if corrected:
        return Step(_settle(replace(report, correcting=False), wording), corrected=corrected)
    if asked and getattr(report, asked, None) is None:
        said = without_private(text.strip(), wording, heard.get("name"))
        both = asked in ("time", "party") and said and said != text.strip()
        if report != before and asked != "matter" and not both:
            return Step(_settle(_asked_again(report, asked), wording))
        beside = asked in ("place", "time", "party") and not substance(text, wording)
        beside = beside or (asked == "time" and not re.search(wording.timely, said or text))
        answered = None if beside else answer(report, heard, said or text, asked, caller)
        if answered is None and _adds(heard, said, asked, report):
            report = replace(
                report, matter=f"{report.matter}\uff1b{said}", tries=_tried(report, asked)
            )
            return Step(report, added=True)
        left_open = asked in OPTIONAL and report.tries.get(asked, 0) > 0
        if answered is None and (report != before or left_open):
            return Step(_settle(_asked_again(report, asked), wording))
        if answered is None:
            return Step(replace(report, tries=_tried(report, asked)), understood=False)
        report = _understood_as(answered, heard) if asked == "matter" else answered
    return Step(_settle(report, wording))


def _adds(heard: Heard, said: str, asked: str, report: Report) -> bool:
    """Whether it tells more of the matter: a number plate, a detail; nothing of it is lost."""
    tells = heard.get("intent") in ("inform", "complain", "more") and len(said) >= ADDED_CHARACTERS
    few = report.tries.get(asked, 0) < ADDED_TIMES
    new = said not in (report.matter or "")
    return asked in ("time", "name", "confidential") and tells and few and new


def _understood_as(report: Report, heard: Heard) -> Report:
    """Kind and category of the matter told at last; what the first words sounded like is over."""
    if not heard.get("category"):
        return report
    return replace(report, kind=heard.get("kind") or report.kind, category=heard["category"])


def _asked_again(report: Report, asked: str) -> Report:
    """Something else was said than what was asked: no answer to it, and nothing to complain of.
    What can stay open is not asked a third time."""
    if report.tries.get(asked) and asked in ("place", "time", "party", "name", "phone"):
        given_up = (report.place_part or "") if asked == "place" else ""
        changes: dict[str, Any] = {asked: given_up}
        return replace(report, **changes)
    return replace(report, tries=_tried(report, asked))


def _tried(report: Report, asked: str) -> dict[str, int]:
    return {**report.tries, asked: report.tries.get(asked, 0) + 1}


def _interrupts(heard: Heard, asked: str | None) -> bool:
    intent = heard.get("intent")
    if intent not in INTERRUPTING:
        return False
    if intent in URGENT:
        return True
    if asked == "matter" and intent == "consult":
        return False
    return float(heard.get("confidence") or 0) >= SURE


def _settle(report: Report, wording: Wording) -> Report:
    """Close the fields that this kind of matter does not need."""
    changes: dict[str, Any] = {}
    first_level = (report.category or "").split("/")[0]
    if report.kind not in (None, APPEAL):
        changes |= {
            name: "" for name in ("place", "time", "party") if getattr(report, name) is None
        }
    elif report.party is None and first_level not in wording.with_party:
        changes["party"] = ""
    if report.confidential is None and report.name == "" and report.phone == "":
        changes["confidential"] = True
    return replace(report, **changes)
