"""What an utterance means, as data: the decision and what was heard in it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

IN = {
    "consult": "政务咨询",
    "ask_status": "政务咨询",
    "urge": "政务咨询",
    "withdraw": "政务咨询",
    "complain": "民生诉求",
    "dissatisfied": "民生诉求",
    "suggest": "意见建议",
    "praise": "意见建议",
}
OUT = ("police", "fire", "medical", "judicial", "secret", "other")
DANGERS = ("police", "fire", "medical")
CATEGORY = {
    "ask_status": "热线自身/查工单",
    "urge": "热线自身/催办",
    "withdraw": "热线自身/撤单",
    "dissatisfied": "热线自身/办理不满",
}


@dataclass(frozen=True)
class Understanding:
    """The decision for one utterance, with its evidence, and the facts it names.

    ``scope``: in, out, social, unclear. ``confidence``: of the intent, 0..1. ``address``, ``when``
    and ``name`` are as said. ``negated``: what a correction calls wrong, by field. ``ask``: the
    question to put where a place fits two. ``danger``: the kind of a ``crisis`` (crisis for an
    intention to die, police, fire, medical), also inside a matter of ours. ``parts``: the matters,
    where one breath holds two. ``choices``: two intents that tie. ``shared``: it may be the
    police's or the hotline's.
    """

    text: str
    intent: str
    scope: str
    confidence: float
    kind: str | None = None
    reason: str | None = None
    crisis: bool = False
    category: str | None = None
    referral: str | None = None
    danger: str | None = None
    district: str | None = None
    street: str | None = None
    address: str | None = None
    phone: str | None = None
    name: str | None = None
    when: str | None = None
    confidential: bool | None = None
    anonymous: bool | None = None
    ticket_no: str | None = None
    other_city: str | None = None
    ask: str | None = None
    choices: tuple[str, ...] = ()
    shared: bool = False
    evidence: tuple[str, ...] = ()
    negated: dict[str, str] = field(default_factory=dict)
    ranking: tuple[tuple[str, float], ...] = ()
    parts: tuple[Understanding, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """JSON-able, as the dialogue gets it."""
        row = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _UNSHOWN}
        row["evidence"] = list(self.evidence)
        row["choices"] = list(self.choices)
        row["parts"] = [part.as_dict() for part in self.parts]
        return row


_UNSHOWN = ("ranking", "parts", "evidence")


def scope_of(intent: str) -> str:
    """The scope an intent belongs to."""
    if intent in IN:
        return "in"
    if intent in OUT or intent == "crisis":
        return "out"
    return "unclear" if intent == "unclear" else "social"
