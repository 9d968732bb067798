"""转介: the doors of matters that are not the hotline's, from ``referrals.yml``."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import yaml

PATH = Path(__file__).with_name("referrals.yml")


@dataclass(frozen=True)
class Referral:
    """One door. ``says`` is for reading, ``spoken`` for hearing; ``numbers`` may be empty."""

    id: str
    body: str
    numbers: tuple[str, ...]
    transfer: str  # instant | inform | explain | assist
    matters: str
    says: str
    spoken: tuple[str, ...]
    basis: str
    source: str
    verified: bool


def read(path: Path = PATH) -> Mapping[str, Referral]:
    """The table by id. Raises ValueError naming the row that lacks a field or stands twice."""
    table: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    rows: dict[str, Referral] = {}
    for number, row in enumerate(table["referrals"], start=1):
        missing = [field.name for field in fields(Referral) if field.name not in row]
        if missing:
            raise ValueError(f"{path.name}: row {number}: lacks {', '.join(missing)}")
        if row["id"] in rows:
            raise ValueError(f"{path.name}: row {number}: {row['id']} stands twice")
        values = row | {"numbers": tuple(row["numbers"]), "spoken": tuple(row["spoken"])}
        rows[row["id"]] = Referral(**{field.name: values[field.name] for field in fields(Referral)})
    return rows


@cache
def referrals() -> Mapping[str, Referral]:
    """The city's table, read once in a process."""
    return read()
