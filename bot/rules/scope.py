"""Danger to life or safety, heard in a sentence, also an unfinished one.

Pure: no I/O, no clock. The words come from the city's table (``knowledge_base/safety.yml``).
A sign of danger counts unless something beside it takes the danger away: it is denied, lies in
the past, is only supposed, or is told of a film, a drill or the news. Weaker signs (smoke, a
quarrel) also give way to what happens every day and to what is an office's business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from re import Pattern

KINDS = ("crisis", "medical", "fire", "police")
_SENTENCE = re.compile(r"[。！？!?；;\n]+")
_CLAUSE = re.compile(r"[，,、：:\s]+")
LONGEST = 2000  # characters looked at: a caller in danger says so early or again


@dataclass(frozen=True)
class Signs:
    """The signs of one kind: ``strong`` ones decide alone, ``weak`` ones give way sooner."""

    strong: Pattern[str]
    weak: Pattern[str]


@dataclass(frozen=True)
class Guards:
    """What takes a sign's danger away; each is looked for in the place its comment says."""

    negation: Pattern[str]  # just before the sign
    past: Pattern[str]  # in the sentence up to the sign, or in the sign's clause
    long_past: Pattern[str]  # the same; the only past that quiets an intention to die
    present: Pattern[str]  # in the sentence: undoes the past
    supposed: Pattern[str]  # in the sentence before the sign
    told: Pattern[str]  # in the sentence: films, drills, lectures, the news
    office: Pattern[str]  # in the sentence: fees, permits, service, a complaint about it
    habit: Pattern[str]  # in the sentence: every day, for years
    asked: Pattern[str]  # in the sentence: a question about rules rather than a cry


@dataclass(frozen=True)
class Lexicon:
    """Signs by kind, guards, harmless compounds, and words that tell whose life it is."""

    signs: dict[str, Signs]
    guards: Guards
    harmless: Pattern[str]  # compounds that hold a sign and mean none, blanked first
    threat: Pattern[str]  # an intention to die that a supposition does not weaken
    others: Pattern[str]  # someone else is the one in danger
    jump: Pattern[str]  # the signs of a person about to jump
    variants: dict[int, int]  # traditional and variant characters, as str.translate takes them


@dataclass(frozen=True)
class Danger:
    """A danger heard: its kind (crisis, police, fire, medical) and the words that told of it.

    ``beside``: it was told inside a matter that is the hotline's own, which is then to go on.
    """

    kind: str
    evidence: tuple[str, ...] = ()
    beside: bool = False


def screen(text: str, lexicon: Lexicon) -> Danger | None:
    """The gravest danger in ``text``, or None. Raises nothing, whatever the text.

    An intention to die comes first, then a body in need, then fire, then crime: where two are
    heard, the one whose help must come first.
    """
    plain = lexicon.harmless.sub(
        lambda found: "　" * len(found.group()), text[:LONGEST].translate(lexicon.variants)
    )
    found: dict[str, list[str]] = {}
    for sentence in _SENTENCE.split(plain):
        for kind in KINDS:
            for sign in _live_signs(sentence, kind, lexicon):
                found.setdefault(_whose(kind, sign, sentence, lexicon), []).append(sign)
    for kind in KINDS:
        if kind in found:
            return Danger(kind, tuple(dict.fromkeys(found[kind])))
    return None


def _live_signs(sentence: str, kind: str, lexicon: Lexicon) -> list[str]:
    signs = lexicon.signs[kind]
    live = []
    for pattern, weak in ((signs.strong, False), (signs.weak, True)):
        for match in pattern.finditer(sentence):
            if not _guarded(sentence, match, kind, weak, lexicon):
                live.append(match.group())
    return live


def _guarded(sentence: str, match: re.Match[str], kind: str, weak: bool, lexicon: Lexicon) -> bool:
    guards = lexicon.guards
    before = sentence[: match.start()]
    clause_before = _CLAUSE.split(before)[-1]
    if guards.negation.search(clause_before[-6:]) or guards.told.search(sentence):
        return True
    if kind == "crisis":
        return _quieted(sentence, before, lexicon)
    clause = clause_before + _CLAUSE.split(sentence[match.start() :])[0]
    past = guards.past.search(before) or guards.past.search(clause)
    if past and not guards.present.search(sentence):
        return True
    if guards.supposed.search(before) or guards.asked.search(sentence):
        return True
    if not weak:
        return False
    office = guards.office.search(sentence) and not guards.present.search(sentence)
    return bool(office or guards.habit.search(sentence))


def _quieted(sentence: str, before: str, lexicon: Lexicon) -> bool:
    """Whether an intention to die is none: long past, or a general question."""
    guards = lexicon.guards
    if lexicon.threat.search(sentence):
        return False
    if guards.long_past.search(before) and not guards.present.search(sentence):
        return True
    return bool(guards.asked.search(sentence) or guards.supposed.search(before))


def _whose(kind: str, sign: str, sentence: str, lexicon: Lexicon) -> str:
    """Someone else about to jump is a case for the police; all else keeps its kind."""
    if kind == "crisis" and lexicon.jump.search(sign):
        before = sentence[: sentence.find(sign)]
        if lexicon.others.search(before) and not lexicon.threat.search(sentence):
            return "police"
    return kind
