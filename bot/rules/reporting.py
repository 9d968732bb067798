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

from bot.rules.answers import answer
from bot.rules.report import APPEAL, TRIMMED, Heard, Report, Step, Wording

MATTER_MIN_CHARACTERS = 4
SURE = 0.6
ADDED_CHARACTERS = 5
ADDED_TIMES = 3
MORE_CHARACTERS = 2  # beyond an address, that make an answer more than one
PLACE_MAX_CHARACTERS = 40
_CLAUSE = re.compile(r"([,,。;;!!??]+)")

# Intents that are no answer: the dialogue does something else, and comes back or not.
TALK = ("ask_machine", "hearing", "wait", "repeat", "slower", "louder", "goodbye", "greet")
DOORS = ("police", "fire", "medical", "judicial", "secret", "crisis")
SERVICES = ("consult", "ask_status", "urge", "withdraw", "ask_human", "abuse", "dissatisfied")
INTERRUPTING = frozenset(TALK + DOORS + SERVICES)
DANGERS = frozenset({"police", "fire", "medical", "crisis"})


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


def without_private(text: str, wording: Wording) -> str:
    """The text without the clauses that tell name, number or a wish for secrecy.

    They are kept in fields of their own, which may be sealed; the matter goes to the unit.
    """
    private = re.compile(wording.private)
    clauses = _CLAUSE.split(text)
    kept = [clause for clause in clauses[::2] if clause and not private.search(clause)]
    return ",".join(kept) if len(kept) < len([c for c in clauses[::2] if c]) else text


def begin(heard: Heard, text: str, wording: Wording) -> Report:
    """A report from the utterance that began it, filled with whatever was said in one breath."""
    told = without_private(text.strip(), wording)
    said = substance(told, wording)
    matter = told if len(said) >= MATTER_MIN_CHARACTERS else None
    report = Report(matter=matter, kind=heard.get("kind"), category=heard.get("category"))
    return _settle(_fill(report, heard, text, wording), wording)


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
    if _interrupts(heard, asked):
        return Step(report, interrupted=True)
    before = report
    correcting = intent == "correct" or heard.get("negated") or report.correcting
    if correcting or asked == "confirmed" or _refines(report, heard, asked):
        report = _correct(report, heard)
    else:
        report = _fill(report, heard, text, wording, asked)
    corrected = tuple(
        name
        for name in ("place", "time", "name", "phone", "confidential")
        if getattr(before, name) not in (None, "", getattr(report, name))
    )
    if corrected:
        return Step(_settle(replace(report, correcting=False), wording), corrected=corrected)
    if asked and getattr(report, asked, None) is None:
        said = without_private(text.strip(), wording)
        both = asked in ("time", "party") and said and said != text.strip()
        if report != before and asked != "matter" and not both:
            return Step(_settle(_asked_again(report, asked), wording))
        beside = asked in ("place", "time", "party") and not substance(text, wording)
        answered = None if beside else answer(report, heard, said or text, asked, caller)
        if answered is None and _adds(heard, said, asked, report):
            report = replace(report, matter=f"{report.matter};{said}", tries=_tried(report, asked))
            return Step(report, added=True)
        if answered is None:
            return Step(replace(report, tries=_tried(report, asked)), understood=False)
        report = answered
    return Step(_settle(report, wording))


def _adds(heard: Heard, said: str, asked: str, report: Report) -> bool:
    """Whether it tells more of the matter: a number plate, a detail; nothing of it is lost."""
    tells = heard.get("intent") in ("inform", "complain", "more") and len(said) >= ADDED_CHARACTERS
    few = report.tries.get(asked, 0) < ADDED_TIMES
    new = said not in (report.matter or "")
    return asked in ("name", "confidential") and tells and few and new


def _asked_again(report: Report, asked: str) -> Report:
    """Something else was said than what was asked: no answer to it, and nothing to complain of.
    What can stay open is not asked a third time."""
    if report.tries.get(asked) and asked in ("place", "time", "party", "name", "phone"):
        given_up = (report.place_part or "") if asked == "place" else ""
        changes: dict[str, Any] = {asked: given_up}
        return replace(report, **changes)
    return replace(report, tries=_tried(report, asked))


def _refines(report: Report, heard: Heard, asked: str | None) -> bool:
    """Whether a time or a place is told more closely than before, while something else is asked."""
    if asked not in ("name", "phone", "confidential") or heard.get("name") or heard.get("phone"):
        return False
    when, address = heard.get("when") or "", heard.get("address") or ""
    closer_time = bool(report.time) and len(when) > len(report.time or "")
    other_place = bool(report.place) and address not in str(report.place)
    return closer_time or other_place


def _tried(report: Report, asked: str) -> dict[str, int]:
    return {**report.tries, asked: report.tries.get(asked, 0) + 1}


def _interrupts(heard: Heard, asked: str | None) -> bool:
    intent = heard.get("intent")
    if intent not in INTERRUPTING:
        return False
    if intent in DANGERS or intent == "ask_human":
        return True
    if asked == "matter" and intent == "consult":
        return False
    return float(heard.get("confidence") or 0) >= SURE


def _fill(
    report: Report, heard: Heard, text: str, wording: Wording, asked: str | None = None
) -> Report:
    """Take what was said in passing for fields that are still open."""
    changes: dict[str, Any] = {}
    if report.place is None and (heard.get("address") or heard.get("district")):
        whole = _place_as_said(heard, text, wording) if asked == "place" else None
        changes |= _place(report, heard if whole is None else {**heard, "address": whole})
    if report.time is None and heard.get("when"):
        changes["time"] = heard["when"]
    for name in ("name", "phone"):
        if not getattr(report, name) and heard.get(name):
            changes[name] = heard[name]
    party = re.search(wording.party, text)
    if report.party is None and party:
        changes["party"] = party["party"]
    if report.confidential is None and heard.get("confidential") is not None:
        changes["confidential"] = heard["confidential"]
    if heard.get("anonymous"):
        changes |= _unnamed(report, heard, asked)
    return replace(report, **changes)


def _unnamed(report: Report, heard: Heard, asked: str | None) -> dict[str, Any]:
    """Neither name nor number; only the one that was asked for, where one was."""
    only_this = asked in ("name", "phone") and heard.get("intent") != "confidential"
    fields = (asked,) if asked and only_this else ("name", "phone")
    left_out = [f for f in fields if getattr(report, f) is None and not heard.get(f)]
    whole = len(fields) == 2
    return dict.fromkeys(left_out, "") | (
        {"anonymous": True, "confidential": True} if whole else {}
    )


def _place_as_said(heard: Heard, text: str, wording: Wording) -> str | None:
    """The whole answer to "where", if it tells more than an address: a bus line, a shop, a turn."""
    address, when = heard.get("address") or "", heard.get("when")
    private = re.compile(wording.private)
    clauses = [
        re.sub(rf"^(?:{wording.leads})+", "", clause.strip())
        for clause in _CLAUSE.split(text)[::2]
        if clause.strip() and not private.search(clause) and not (when and when in clause)
    ]
    said = ",".join(clause for clause in clauses if clause)
    longer = len(said) - len(address) >= MORE_CHARACTERS and len(said) <= PLACE_MAX_CHARACTERS
    return said if address in said and longer else None


def _correct(report: Report, heard: Heard) -> Report:
    """Overwrite what was said before with what is said now."""
    changes: dict[str, Any] = {}
    if heard.get("address") or heard.get("district"):
        changes |= _place(report, heard)
        wrong = (heard.get("negated") or {}).get("address")
        right = heard.get("address") or heard.get("district")
        if wrong and report.place and wrong in report.place:
            changes["place"] = report.place.replace(wrong, str(right))
        short = (report.place or "").removeprefix(report.district or "")
        for old, new in ((wrong, right), (report.place, changes.get("place")), (short, right)):
            if old and new and report.matter and old in report.matter:
                changes["matter"] = report.matter.replace(old, str(new))
                break
    for name, key in (("time", "when"), ("name", "name"), ("phone", "phone")):
        if heard.get(key):
            changes[name] = heard[key]
    if heard.get("confidential") is not None and report.confidential is not None:
        changes["confidential"] = heard["confidential"]
    return replace(report, **changes)


def _place(report: Report, heard: Heard) -> dict[str, Any]:
    """The place said, with its district. One without, or a district alone where somebody has to
    go there, is kept until the rest is known."""
    district, street = heard.get("district"), heard.get("street")
    said = str(heard.get("address") or street or district)
    vague = report.kind in (None, APPEAL) and district and said in (district, district[:-1])
    if report.place is None and report.place_part is None and (vague or not district):
        return {"place_part": district if vague else said, "district": district} | (
            {} if vague else {"place_ask": heard.get("ask")}
        )
    elsewhere = report.district is not None and district not in (None, report.district)
    part = None if elsewhere else report.place_part
    if part and part not in said:
        said = part if said in (district, street) else f"{part}{said}"
    within = district or report.district
    if within and within not in said:
        said = f"{within}{said}"
    found: dict[str, Any] = {"place": said}
    if district:
        found |= {"district": district, "street": street}
    return found


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
