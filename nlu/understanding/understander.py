"""The understander: rules and models over one utterance, and what was heard in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from bot.rules import numbers
from bot.rules.address import Location, locate
from bot.rules.scope import Danger, screen
from knowledge_base.districts import districts
from knowledge_base.safety import safety
from nlu.understanding.decision import Decision, Likely, decide
from nlu.understanding.features import features
from nlu.understanding.homophones import load_homophones
from nlu.understanding.matters import parts_of
from nlu.understanding.models import Models
from nlu.understanding.nonsense import is_nonsense
from nlu.understanding.opinion import Opinion
from nlu.understanding.spoken import name, when
from nlu.understanding.text import Text, clean, read
from nlu.understanding.understanding import Understanding

Mender = Callable[[str], str]
_SECRETLY = re.compile(
    r"保密|匿名|别说是我|唔好讲系我|不要.{0,4}(?:透露|泄露|公开|告诉|让.{1,4}知道)|别告诉"
)
_ANONYMOUS = re.compile(r"匿名|不留(?:名|姓)|不写.{0,2}名|不(?:想|要)(?:说|留).{0,4}(?:名|姓)")
_OPENLY = re.compile(
    r"(?:不用|无需|毋需|不需要|不必|唔使|唔駛|唔洗|唔需要|不要|无须|没必要|冇必要|不|唔)(?:保密|匿名|隐瞒)"
    r"|可以公开|公开(?:就|也)?(?:行|可以|没关系)|可以(?:告诉|透露|话俾|让).{0,4}(?:他们|单位|对方|佢哋|知道)"
)
_INDIFFERENT = re.compile(
    r"没关系|无所谓|冇所谓|随便|都行|都可以|告诉(?:他们|单位|对方)?(?:也|都)?(?:行|可以)"
)
_NO_PLACE = re.compile(r"投诉|反映|举报|建议|咨询|我想|我要|怎么|为什么|什么")


class Understander:
    """Decides what an utterance means. Holds the trained models; reads no clock, does no I/O."""

    def __init__(
        self,
        models: Models,
        words: Mender,
        places: Mender,
        opinion: Opinion | None = None,
    ) -> None:
        self._models = models
        self._words = words
        self._places = places
        self._opinion = opinion

    @classmethod
    def load(cls, folder: Path, opinion: Opinion | None = None) -> Understander:
        """The understander trained into ``folder``; unsure, it asks ``opinion`` if there is one."""
        words, places = load_homophones(folder)
        return cls(Models.load(folder), words.mend, places.mend, opinion)

    def understand(self, text: str, expected: str | None = None) -> Understanding:
        """What ``text`` means. Any text gets an answer, in bounded time.

        ``expected``: what the dialogue has just asked for (what, where, when, who, name, phone,
        confidential, confirm), so that a bare answer is read as one.
        """
        whole = self._one(text, expected)
        said = clean(text)
        texts = parts_of(said)
        if len(texts) == 1 or expected not in (None, "what"):
            return whole
        parts = [p for p in (self._one(t, None) for t in texts) if p.scope in ("in", "out")]
        return _joined(whole, parts) if _differ(parts) else whole

    def endangered(self, text: str, least: float = 0.0) -> Danger | None:
        """The danger to life or safety in ``text``, by rules and models, if one is heard with at
        least so much confidence. ``beside`` tells that it lies in a matter of ours."""
        found = self.understand(text)
        if found.danger is None or found.confidence < least:
            return None
        return Danger(found.danger, found.evidence, beside=found.scope == "in")

    def _one(self, text: str, expected: str | None) -> Understanding:
        read_text = read(text, self._words)
        location = self._located(read_text.said)
        danger = screen(read_text.said, safety())
        if danger is None and read_text.mandarin != read_text.said:
            danger = screen(read_text.mandarin, safety())
        decision = self._decide(read_text, danger, location, expected)
        return _heard(decision, read_text, location, expected)

    def _located(self, said: str) -> Location:
        """Where it is; where no place is named, one that a name of the same sound means."""
        location = locate(said, districts())
        if location.district or location.city or location.ask:
            return location
        mended = self._places(said)
        found = locate(mended, districts()) if mended != said else location
        return found if found.district else location

    def _decide(
        self, text: Text, danger: Danger | None, location: Location, expected: str | None
    ) -> Decision:
        told = self._models.told(features(text))
        nonsense = is_nonsense(text.plain, self._models.vocabulary.index)
        likely = Likely(told.intents(), told.of("danger")["yes"], 0 if nonsense else told.known)
        decision = decide(text, likely, danger, location, expected)
        if self._opinion and expected is None:
            decision = self._opinion(text, decision)
        if decision.scope == "in" and decision.category is None:
            decision = replace(decision, category=_category(told.of("category")))
        if decision.scope == "out" and decision.referral is None:
            doors = told.of("referral")
            fits = REFERRALS.get(decision.reason or "other", ())
            door = max(fits, key=lambda one: doors.get(one, 0.0), default=None)
            decision = replace(decision, referral=door)
        return decision


def _category(likely: Mapping[str, float]) -> str:
    """The likeliest second level of the likeliest first level."""
    first: dict[str, float] = {}
    for category, probability in likely.items():
        level = category.partition("/")[0]
        first[level] = first.get(level, 0.0) + probability
    best = max(first, key=lambda level: first[level])
    return max((c for c in likely if c.startswith(f"{best}/")), key=lambda c: likely[c])


REFERRALS: dict[str, tuple[str, ...]] = {
    "police": ("police", "traffic", "fraud"),
    "fire": ("fire",),
    "medical": ("medical",),
    "judicial": (
        "court",
        "law_aid",
        "arbitration",
        "review",
        "procuratorate",
        "discipline",
        "organisation",
        "petition",
        "disclosure",
        "police_conduct",
    ),
    "secret": ("secret", "privacy", "military"),
    "other": (
        "not_government",
        "other_city",
        "bank",
        "railway",
        "internet",
        "abroad",
        "customs",
        "psychology",
        "prank",
    ),
}


def _heard(
    decision: Decision, text: Text, location: Location, expected: str | None
) -> Understanding:
    """The decision together with what the utterance names."""
    said = text.said
    denied_phone = numbers.denied_phone(said) if decision.intent == "correct" else None
    negated = {
        key: value
        for key, value in (("address", location.denied), ("phone", denied_phone))
        if value is not None
    }
    secretly = bool(_SECRETLY.search(said)) and not _OPENLY.search(said)
    confidential = True if secretly else False if _OPENLY.search(said) else None
    if expected == "confidential" and confidential is None:
        confidential = {"affirm": True, "deny": False}.get(decision.intent)
        if confidential is None and _INDIFFERENT.search(said):
            confidential = False
    address = location.address
    if address is None and expected == "where" and decision.intent == "inform":
        address = said if said and not _NO_PLACE.search(said) else None
    openly = decision.intent == "confidential" and confidential is False
    return Understanding(
        text=said,
        intent="inform" if openly else decision.intent,
        scope=decision.scope,
        confidence=round(decision.confidence, 4),
        kind=decision.kind,
        reason=decision.reason,
        crisis=decision.crisis,
        category=decision.category,
        referral=decision.referral,
        danger=decision.danger,
        district=location.district,
        street=location.street,
        address=address,
        phone=numbers.phone(said, expected == "phone"),
        name=name(said, expected),
        when=when(said),
        confidential=confidential,
        anonymous=True if _ANONYMOUS.search(said) else None,
        ticket_no=numbers.ticket_no(said),
        other_city=location.city,
        ask=location.ask,
        choices=decision.choices,
        shared=decision.shared,
        evidence=decision.evidence,
        negated=negated,
        ranking=decision.ranking,
    )


def _differ(parts: list[Understanding]) -> bool:
    """Whether two parts are matters of their own."""
    return len({(p.scope, p.reason, p.kind, (p.category or "").split("/")[0]) for p in parts}) > 1


def _joined(whole: Understanding, parts: list[Understanding]) -> Understanding:
    """The whole with its parts: danger leads, then the first matter that is the hotline's own."""
    urgent = next((p for p in parts if p.crisis), None)
    ours = [p for p in parts if p.scope == "in"]
    matters = [p for p in ours if p.intent != "consult"]  # a question is answered on the way
    lead = urgent or next(iter(matters or ours or parts))
    return replace(
        whole,
        intent=lead.intent,
        scope=lead.scope,
        kind=lead.kind,
        reason=lead.reason,
        crisis=whole.crisis or any(p.crisis for p in parts),
        danger=whole.danger or next((p.danger for p in parts if p.danger), None),
        category=lead.category,
        referral=lead.referral,
        confidence=lead.confidence,
        evidence=lead.evidence,
        parts=tuple(parts),
    )
