"""Loads the policy of clocks (``sla.yml``), with the calendar it counts in."""

from datetime import time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.rules.sla import HandlingTerm, Policy, TransferTerm
from bot.rules.ticket import Kind, Nature, Urgency
from knowledge_base.holidays import load_calendar

FILE = Path(__file__).with_name("sla.yml")


@cache
def load_policy(file: Path = FILE) -> Policy:
    """The policy in force; a row that is not understood fails with its key."""
    data: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Policy(
        transfer=tuple(_transfer(row) for row in data["transfer"]),
        handling=tuple(_handling(row) for row in data["handling"]),
        rework_working_days=data["rework"]["working_days"],
        extension_working_days=data["extension"]["working_days"],
        extensions=data["extension"]["times"],
        return_working_days=data["return"]["working_days"],
        call_back_days=data["call_back"]["days"],
        call_back_attempts=data["call_back"]["attempts"],
        call_back_retry=timedelta(hours=data["call_back"]["retry_hours"]),
        call_back_later=timedelta(hours=data["call_back"]["later_hours"]),
        call_back_by_phone_after=timedelta(hours=data["call_back"]["phone_after_hours"]),
        onsite_share=data["call_back"]["onsite_share"],
        merge_days=data["merge"]["days"],
        auto_transfer_confidence=data["auto_transfer"]["confidence"],
        closes=time.fromisoformat(data["closes"]["at"]),
        calendar=load_calendar(),
    )


def _transfer(row: dict[str, Any]) -> TransferTerm:
    return TransferTerm(
        urgency=Urgency(row["urgency"]),
        minutes=row["minutes"],
        warning_minutes=row["warning"],
        alarm_minutes=row["alarm"],
        source=row["source"],
    )


def _handling(row: dict[str, Any]) -> HandlingTerm:
    return HandlingTerm(
        working_days=row["working_days"],
        source=row["source"],
        kind=Kind(row["kind"]) if "kind" in row else None,
        nature=Nature(row["nature"]) if "nature" in row else None,
        urgency=Urgency(row["urgency"]) if "urgency" in row else None,
        level=row.get("level"),
    )
