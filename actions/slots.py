"""The report between Rasa's slots and ``bot.rules.report.Report``."""

from dataclasses import asdict, fields
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from bot.rules.report import FIELDS, Report

Event = dict[str, Any]
BESIDE = tuple(f.name for f in fields(Report) if f.name not in FIELDS)


def read(tracker: Tracker) -> Report:
    """The report as the slots hold it."""
    beside = tracker.get_slot("draft") or {}
    values = {name: tracker.get_slot(name) for name in FIELDS}
    values |= {name: beside[name] for name in BESIDE if name in beside}
    return Report(**values)


def write(report: Report, key: str) -> list[Event]:
    """The events that make the slots hold the report. ``key`` makes its ticket one of a kind."""
    values = asdict(report)
    beside = {name: values[name] for name in BESIDE} | {"key": key}
    events = [SlotSet(name, values[name]) for name in FIELDS]
    return [*events, SlotSet("draft", beside)]


def key_of(tracker: Tracker) -> str | None:
    """The key of the report under way."""
    beside = tracker.get_slot("draft") or {}
    key: str | None = beside.get("key")
    return key


def forget() -> list[Event]:
    """The events that empty the slots of the report."""
    return [SlotSet(name, None) for name in (*FIELDS, "draft")]
