"""The field that was asked, from the utterance that answers it. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.rules.report import Heard, Report

FREE = frozenset({"matter", "place", "time", "party"})


def answer(
    report: Report, heard: Heard, text: str, asked: str, caller: str | None
) -> Report | None:
    """The asked field from the utterance as a whole; None where it can't be read as an answer."""
    intent = heard.get("intent")
    if asked == "place" and heard.get("same_place"):  # and no place before it is known
        return None
    if asked in FREE:
        return _free(report, intent, text, asked)
    if asked == "name":
        if intent in ("skip", "deny", "done"):
            return replace(report, name="")
        return None
    if asked == "phone":
        return _phone(report, intent, caller)
    if asked == "confidential":
        if intent in ("affirm", "deny", "skip", "done"):
            return replace(report, confidential=intent == "affirm")
        return None
    return _confirmed(report, intent, text)


def _free(report: Report, intent: str | None, text: str, asked: str) -> Report | None:
    if intent in ("skip", "done") or (intent == "deny" and asked in ("party", "time")):
        if asked == "place" and report.place_part:
            return replace(report, place=report.place_part)
        if asked == "matter" or (asked == "place" and not report.tries.get("place")):
            return None
        return _with(report, asked, "")
    if len(text) < 2 or intent in ("affirm", "deny", "thank"):
        return None
    if asked == "place" and report.place_part:
        within = report.district is not None
        text = f"{report.place_part}{text}" if within else f"{report.place_part}({text})"
    return _with(report, asked, text)


def _with(report: Report, name: str, value: Any) -> Report:
    changes: dict[str, Any] = {name: value}
    return replace(report, **changes)


def _phone(report: Report, intent: str | None, caller: str | None) -> Report | None:
    offered = caller is not None and not report.other_phone
    if offered and intent in ("affirm", "thank"):
        return replace(report, phone=caller)
    if intent == "skip" or (intent in ("deny", "done", "thank") and not offered):
        return replace(report, phone="")
    if offered and intent in ("deny", "correct"):
        return replace(report, other_phone=True)
    return None


def _confirmed(report: Report, intent: str | None, text: str) -> Report | None:
    if report.correcting and intent not in ("affirm", "done", "deny"):
        return replace(report, matter=f"{report.matter}\uff1b{text}", correcting=False)
    if intent in ("affirm", "done", "thank"):
        return replace(report, confirmed=True, correcting=False)
    if intent in ("deny", "correct"):
        return replace(report, correcting=True)
    return None
