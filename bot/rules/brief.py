"""预受理 at the desk: which fields an agent fills, what is missing, and the three lines of a
transfer (who; what and where; what was promised). Pure.

The keys are those of ``bot.rules.report.Report``, which the dialogue began to fill.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.rules.errors import Rejected
from bot.rules.privacy import mask, mask_name, mask_phone

LONGEST: Mapping[str, int] = {
    "kind": 8,
    "category": 64,
    "matter": 4000,
    "place": 500,
    "district": 32,
    "street": 32,
    "time": 200,
    "party": 200,
    "expectation": 1000,
    "name": 64,
    "phone": 32,
}
TRUTHS = frozenset({"confidential", "anonymous"})
FIELDS = (*LONGEST, *sorted(TRUTHS))
NEEDED = ("kind", "category", "matter")  # of any report; an appeal has a place and a time too
NEEDED_OF_APPEAL = ("place", "district", "time")
CONTACT = ("name", "phone")
PLACEHOLDER = "—"

Draft = Mapping[str, Any]


def missing(draft: Draft, appeal: str) -> tuple[str, ...]:
    """The fields still to be filled, in the order they are asked. ``appeal``: the kind that needs
    a place. Who wants no name on it is not asked for one."""
    needed = list(NEEDED)
    if draft.get("kind") in (appeal, None, ""):
        needed += NEEDED_OF_APPEAL
    if not draft.get("anonymous"):
        needed += CONTACT
    return tuple(name for name in needed if not draft.get(name))


def merged(draft: Draft, fields: Mapping[str, object]) -> dict[str, Any]:
    """The draft with an agent's changes. Rejected, naming the field."""
    changed = dict(draft)
    for name, value in fields.items():
        if name in TRUTHS:
            right = isinstance(value, bool)
        elif name in LONGEST:
            right = isinstance(value, str) and "\x00" not in value
        else:
            raise Rejected("no such field", code="unknown", field=name[:32])
        if not right:
            raise Rejected("not a value of this field", code="field_malformed", field=name)
        if isinstance(value, str) and len(value) > LONGEST[name]:
            raise Rejected("too long", code="field_too_long", field=name)
        changed[name] = value.strip() if isinstance(value, str) else value
    return changed


def brief(draft: Draft, promised: str, words: Mapping[str, str], said: str = "") -> str:
    """Three lines for whoever takes over. ``words`` holds the templates ``who``, ``what`` and
    ``promised``; ``said`` stands for the matter where none was noted."""
    place = "".join(str(draft.get(name) or "") for name in ("district", "street"))
    place = str(draft.get("place") or "") or place
    name, phone = str(draft.get("name") or ""), str(draft.get("phone") or "")
    return "\n".join(
        (
            words["who"].format(
                name=mask_name(name) or words["unnamed"], phone=mask_phone(phone) or PLACEHOLDER
            ),
            words["what"].format(
                matter=str(draft.get("matter") or said or PLACEHOLDER)[:120],
                place=place or PLACEHOLDER,
            ),
            words["promised"].format(promised=promised.strip()[:200] or words["nothing"]),
        )
    )


def veiled(draft: Draft) -> dict[str, Any]:
    """The draft as it is shown to who has the caller and has not asked for the numbers."""
    return {name: mask(value) if isinstance(value, str) else value for name, value in draft.items()}


def masked(draft: Draft) -> dict[str, Any]:
    """The draft as it is shown to whoever does not have the caller."""
    shown = dict(draft)
    for name, hide in (("name", mask_name), ("phone", mask_phone)):
        if isinstance(shown.get(name), str):
            shown[name] = hide(shown[name])
    return shown
