"""What an utterance adds to a report: its fields filled, refined or overwritten. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from bot.rules.clauses import CLAUSE
from bot.rules.report import APPEAL, Heard, Report, Wording

MORE_CHARACTERS = 2  # beyond an address, that make an answer more than one
PLACE_MAX_CHARACTERS = 40


def fill(
    report: Report, heard: Heard, text: str, wording: Wording, asked: str | None = None
) -> Report:
    """Take what was said in passing for fields that are still open."""
    changes: dict[str, Any] = {}
    if not report.place and (heard.get("address") or heard.get("district")):
        whole = _place_as_said(heard, text, wording) if asked == "place" else None
        changes |= _place(report, heard if whole is None else {**heard, "address": whole})
    if report.time is None and heard.get("when"):
        changes["time"] = heard["when"]
    for name in ("name", "phone"):
        if not getattr(report, name) and heard.get(name):
            changes[name] = heard[name]
        elif getattr(report, name) is None and _declined(name, text, wording):
            changes[name] = ""
    party = re.search(wording.party, text)
    if report.party is None and party:
        changes["party"] = next(filter(None, party.groups()))
    if report.confidential is None and heard.get("confidential") is not None:
        changes["confidential"] = heard["confidential"]
    if heard.get("anonymous"):
        changes |= _unnamed(report, heard, asked)
    return replace(report, **changes)


def _declined(field: str, text: str, wording: Wording) -> bool:
    pattern = wording.declined.get(field)
    return bool(pattern) and re.search(str(pattern), text) is not None


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
        for clause in CLAUSE.split(text)[::2]
        if clause.strip() and not private.search(clause) and not (when and when in clause)
    ]
    said = "\uff0c".join(clause for clause in clauses if clause)
    longer = len(said) - len(address) >= MORE_CHARACTERS and len(said) <= PLACE_MAX_CHARACTERS
    return said if address in said and longer else None


def correct(report: Report, heard: Heard) -> Report:
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
        told_short = street and said.startswith(within[:-1] + street[:-1])
        said = within + (said.removeprefix(within[:-1]) if told_short else said)
    found: dict[str, Any] = {"place": said}
    if district:
        found |= {"district": district, "street": street}
    return found


def refines(report: Report, heard: Heard, text: str, asked: str | None) -> bool:
    """Whether a time or a place is told more closely than before, while something else is asked."""
    when, address = heard.get("when") or "", heard.get("address") or ""
    about_place = asked == "time" and address and not when
    about_time = asked == "party" and when and len(text) <= len(when) + MORE_CHARACTERS
    if not (about_place or about_time or asked in ("name", "phone", "confidential")):
        return False
    if heard.get("name") or heard.get("phone"):
        return False
    closer_time = bool(report.time) and len(when) > len(report.time or "")
    other_place = bool(report.place) and address not in str(report.place)
    return closer_time or other_place
